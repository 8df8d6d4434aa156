/*
 * The chain of frames of Python code in which the calling thread is. A thread
 * reads its own chain, which nobody else changes, whether or not it has the
 * interpreter's lock just now.
 *
 * Until some walks have succeeded the kernel is asked before each word is read:
 * the interpreter may be another one than it says.
 */
#ifndef PYTHON_CHAIN_H
#define PYTHON_CHAIN_H

#include <stdbool.h>
#include <stdint.h>
#include "base/likely.h"
#include "base/probe.h"
#include "stack/python_layout.h"

struct python_memo;

/* Set once, before frames are on. */
extern struct python_chain {
	struct python_layout layout;
	uintptr_t (*current)(void), (*own)(void);
	int (*is_ending)(void);
	bool old;	 /* before 3.11: an instruction is a number */
	uint32_t trials; /* walks that were sound */
} python_chain __attribute__((visibility("hidden")));

/* Collects the frames that are new, innermost first, in memo->fresh; how many.
 * *joined is how many of the remembered ones are outside of them. More than
 * PYTHON_FRAMES together are too deep to be joined. */
uint32_t python_chain_collect(struct python_memo *memo, uint32_t *joined);
/* The innermost frame that stands for a call from C and lies in [low, high),
 * the native stack: in the activation of the interpreter. 0: none. */
uintptr_t python_chain_entry(uintptr_t low, uintptr_t high);

#define PYTHON_TRIALS 32
/* Whether enough walks have succeeded. */
static inline bool python_chain_is_trusted(void)
{
	return likely(__atomic_load_n(&python_chain.trials, __ATOMIC_RELAXED) >=
		      PYTHON_TRIALS);
}

static inline void python_chain_was_sound(void)
{
	if (!python_chain_is_trusted())
		__atomic_fetch_add(&python_chain.trials, 1, __ATOMIC_RELAXED);
}

/* Asks the kernel. */
static inline bool python_chain_can_read(uintptr_t at)
{
	return at % 8 == 0 && probe_readable(at) && probe_readable(at + 7);
}

#endif
