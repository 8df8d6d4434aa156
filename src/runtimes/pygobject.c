/*
 * See pygobject.h. PyGObject keeps the memory of one call for each number of
 * arguments up to nine, in an array by that number (free_arg_state of
 * pygi-invoke.c). It has the arguments of the last such call until the next one
 * begins, and is not in the array meanwhile. It is a structure for each
 * argument, then a pointer for each, which leads to the first or second word of
 * its structure. By these pointers it is known.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include "process/symbols.h"
#include "runtimes/pygobject.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/fault.h"
#include "scan/variables.h"

#define ARGUMENTS 9u
/* Of each: the structure, which has grown since 3.42, and the pointer. */
#define LEAST 40u
#define MOST 96u

static int failed;

static uint64_t word_at(uintptr_t at)
{
	uint64_t word;

	fault_copy(&word, at, sizeof word);
	return word;
}

/* A call that failed has not come to its last arguments. */
static bool lead_inside(uintptr_t block, uint64_t n, uint64_t step)
{
	uintptr_t pointers = block + n * step;
	uint64_t i, to;

	for (i = 0; i < n; i++) {
		to = word_at(pointers + 8 * i);
		if (to != block + i * step && to != block + i * step + 8)
			return i && !to;
	}
	return true;
}

/* Whether the block at that address of the array is of n arguments. Those of
 * none need no memory. */
static bool is_spare(uintptr_t at, uintptr_t block, uint64_t n)
{
	uint64_t size = blocks_size(block);

	return !(size % (8 * n)) && size >= LEAST * n && size <= MOST * n &&
	       !word_at(at - 8 * n) && lead_inside(block, n, size / n - 8);
}

static void look_at(uintptr_t at)
{
	uintptr_t block = word_at(at);
	uint64_t n;

	if (!blocks_begins(block))
		return;
	for (n = 1; n <= ARGUMENTS; n++)
		if (is_spare(at, block, n) &&
		    declare_weak(block, block + blocks_size(block)))
			failed = -ENOMEM;
}

int pygobject_spare(void)
{
	struct symbols_owner owner;

	failed = 0;
	if (symbols_owner(&owner, "PyInit__gi"))
		variables_each(&owner, look_at);
	return failed;
}
