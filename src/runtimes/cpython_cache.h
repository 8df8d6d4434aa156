/*
 * What CPython remembers of its look-ups, without owning it.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_CACHE_H
#define CPYTHON_CACHE_H

#include <stdint.h>

/* Declares that the values of types' attributes and the functions that are
 * remembered in that memory are not owned: values may be freed and in use
 * again. 0 or -ENOMEM. */
int cpython_cache(uintptr_t low, uintptr_t high)
	__attribute__((warn_unused_result));

#endif
