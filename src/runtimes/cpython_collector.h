/*
 * CPython's interpreters: their collectors, and the stacks of their frames.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_COLLECTOR_H
#define CPYTHON_COLLECTOR_H

#include <stdbool.h>

enum collector {
	COLLECTOR_KNOWN,
	COLLECTOR_NONE,	     /* no interpreter lives */
	COLLECTOR_BUSY,	     /* its lists are taken apart just now */
	COLLECTOR_UNKNOWN,   /* an interpreter is not laid out as known */
	COLLECTOR_ELSEWHERE, /* what is in its lists is in no block */
};

/* Marks the objects at which no collector will look by itself. */
enum collector cpython_collectors(void);
/* Declares that what is above the tops of frames' stacks owns nothing. 0 or
 * -ENOMEM. */
int cpython_stacks(void) __attribute__((warn_unused_result));

#endif
