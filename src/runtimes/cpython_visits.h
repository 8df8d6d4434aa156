/*
 * The values that the tp_traverse of one object visits (cpython_traverse.h).
 *
 * Snapshot child only.
 */
#ifndef CPYTHON_VISITS_H
#define CPYTHON_VISITS_H

#include <stdbool.h>
#include <stdint.h>

/* A value, and how often it is yet to be found. */
struct visit {
	uintptr_t value;
	uint32_t left;
};

void cpython_visits_clear(void);
/* One more visit of that value, which is not 0. False: memory is short. */
bool cpython_visits_add(uintptr_t value);
/* Whether all are so. */
bool cpython_visits_are(bool is(const struct visit *));

/* Takes one visit of that value. False: there was none left. */
bool cpython_visited(uintptr_t value);
uint32_t cpython_visits_left(void);
/* Calls use for each that is left. */
int cpython_visits_rest(int (*use)(uintptr_t value, void *data), void *data);

#endif
