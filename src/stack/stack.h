/*
 * Allocation stacks: walks the caller's frames and interns them in the depot.
 */
#ifndef STACK_H
#define STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stack_memo; /* memo.h */

/*
 * The id of the stack whose innermost frame is the caller of the function
 * with this __builtin_frame_address(0) (compiled with a frame pointer).
 * Frames on another than the thread's own stack, where it may run just now, are
 * found out, and read page by page as the kernel allows. On its own the last
 * stack is joined, which is four times as fast as a whole walk; without a memo
 * (NULL) there are 32 frames at most.
 * Runs inside the guard: no libc allocation, no loader lock; takes no lock
 * that a signal handler or fork could find held. 0 when nothing is known.
 */
uint32_t stack_capture(const void *frame, struct stack_memo *memo);

/* The frames of the last capture with this memo, innermost first, and its id;
 * how many, at most UNWIND_MAX of unwind.h. */
size_t stack_last(const struct stack_memo *memo, uintptr_t *pcs, uint32_t *id);
/* The next frame of a stack outwards that is not ours: its node in the depot, 0
 * at the end. Begin with the stack's id. */
uint32_t stack_outwards(uint32_t node);
/* Innermost frames of ours are in no stack. */
bool stack_is_own(uintptr_t pc);

/* Once, from the constructor: opens libunwind privately (RTLD_LOCAL). */
void stack_init(bool unwind);
/* From now on nothing is known. All memos are to be freed then. */
void stack_stop(void);
/* fork(2) in a threaded program: hold, and let go in parent and child. */
void stack_fork_prepare(void);
void stack_fork_done(void);

#endif
