/*
 * Frames of Python code in stacks. They take the place of the interpreter's own
 * frames: a stack is the native frames inside of the innermost activation of
 * the interpreter, then the Python frames, then the native frames outside of
 * the interpreter, where a program embeds it.
 */
#ifndef PYTHON_FRAMES_H
#define PYTHON_FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/likely.h"
#include "stack/python_layout.h"

struct stack_memo;

extern bool python_frames_on __attribute__((visibility("hidden")));

/* id: of the native stack, the memo's last. */
uint32_t python_frames_add(struct stack_memo *memo, uint32_t id);

/* The id of the stack with its Python frames. Inside the guard, in the thread
 * whose memo it is, or NULL. */
static inline uint32_t python_frames(struct stack_memo *memo, uint32_t id)
{
	return unlikely(python_frames_on) && memo ? python_frames_add(memo, id)
						  : id;
}

/* Once, when the interpreter is found. is_program: nothing is outside of the
 * interpreter but what starts programs. */
void python_frames_init(const struct python_exports *exports, bool is_program);

/* The index of the pseudo-module; 0: none has been needed. */
uint32_t python_module(void);

#endif
