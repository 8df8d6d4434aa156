/*
 * See pygobject.h. For each number of arguments up to nine, PyGObject keeps the
 * memory of one call that is over. An array has these memories by that number
 * (free_arg_state of pygi-invoke.c). The memory still has the arguments of that
 * call. The next call takes it out of the array. The memory begins with a
 * structure for each argument. A pointer for each follows, which leads to the
 * first or second word of its structure. The memory is known by these pointers.
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
/* Bytes for each argument: its structure, which has grown since 3.42, and its
 * pointer. */
#define LEAST 40u
#define MOST 96u

static int failed;

/* A call that failed has not set the pointers of its last arguments. */
static bool lead_inside(uintptr_t block, uint64_t n, uint64_t step)
{
	uintptr_t pointers = block + n * step;
	uint64_t i, to;

	for (i = 0; i < n; i++) {
		to = fault_word(pointers + 8 * i);
		if (to != block + i * step && to != block + i * step + 8)
			return i && !to;
	}
	return true;
}

/* Whether the block, whose address is at `at` in the array, is for n arguments.
 * A call without arguments needs no memory: the array's first word is 0. */
static bool is_spare(uintptr_t at, uintptr_t block, uint64_t n)
{
	uint64_t size = blocks_size(block);

	return !(size % (8 * n)) && size >= LEAST * n && size <= MOST * n &&
	       !fault_word(at - 8 * n) && lead_inside(block, n, size / n - 8);
}

static void look_at(uintptr_t at)
{
	uintptr_t block = fault_word(at);
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
