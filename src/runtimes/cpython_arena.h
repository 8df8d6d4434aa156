/*
 * What CPython's compiler makes of a source.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_ARENA_H
#define CPYTHON_ARENA_H

#include <stdint.h>

/* Declares that the words of a block own nothing, when it is memory of a
 * compiler's arena: a list of the arena's has the references. 0 or -ENOMEM. */
int cpython_arena(uintptr_t block, uint64_t size)
	__attribute__((warn_unused_result));

#endif
