/*
 * What CPython's collector would be told of an object: the values that its
 * type's tp_traverse visits. It is the type's own code, called in the snapshot
 * child. A type whose code faults, does not end or visits what is no object is
 * not called again; a warning names it.
 *
 * Snapshot child only, inside cpython_run() and foreign_begin().
 */
#ifndef CPYTHON_TRAVERSE_H
#define CPYTHON_TRAVERSE_H

#include <stdbool.h>
#include <stdint.h>
#include "runtimes/cpython_types.h"

struct arena;

/* A value, and how often it is yet to be found. */
struct visit {
	uintptr_t value;
	uint32_t left;
};

/* Calls the type's tp_traverse. False: it is of no use. The visits are valid
 * until the next call. */
bool cpython_traverse(struct cpython_type *type, uintptr_t at,
		      struct arena *arena);
/* Takes one visit of that value. False: there was none left. */
bool cpython_visited(uintptr_t value);
uint32_t cpython_visits_left(void);
/* Calls use for each that is left. */
int cpython_visits_rest(int (*use)(uintptr_t value, void *data), void *data);

#endif
