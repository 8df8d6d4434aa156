/*
 * What a scan is made for.
 */
#ifndef TRIGGERS_H
#define TRIGGERS_H

#include <stdbool.h>

enum trigger {
	TRIGGER_THRESHOLD,
	TRIGGER_INTERVAL,
	TRIGGER_REQUEST,
	TRIGGER_API,
	TRIGGER_EXIT,
};

/* As reports have it: "threshold", ... */
const char *triggers_name(enum trigger trigger);

/* The program waits for its result, or for its end: it is not put off. */
static inline bool triggers_must(enum trigger trigger)
{
	return trigger != TRIGGER_THRESHOLD && trigger != TRIGGER_INTERVAL;
}

/* A summary may be printed for it: the program itself has asked, or ends. */
static inline bool triggers_may_print(enum trigger trigger)
{
	return trigger == TRIGGER_API || trigger == TRIGGER_EXIT;
}

#endif
