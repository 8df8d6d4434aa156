/*
 * What CPython remembers of its look-ups, without owning it.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_CACHE_H
#define CPYTHON_CACHE_H

#include <stdint.h>

/* Declares that the values of types' attributes that the interpreter in that
 * memory remembers are not owned: they may be freed and in use again. 0 or
 * -ENOMEM. */
int cpython_cache(uintptr_t low, uintptr_t high)
	__attribute__((warn_unused_result));

#endif
