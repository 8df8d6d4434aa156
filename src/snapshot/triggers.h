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

/* Its name in reports: "threshold", ... */
const char *triggers_name(enum trigger trigger);

/* Whether the program waits for the result, or for its own end: then the scan
 * is not put off. */
static inline bool triggers_must(enum trigger trigger)
{
	return trigger != TRIGGER_THRESHOLD && trigger != TRIGGER_INTERVAL;
}

/* Whether a summary may be printed: the program itself has asked, or ends. */
static inline bool triggers_may_print(enum trigger trigger)
{
	return trigger == TRIGGER_API || trigger == TRIGGER_EXIT;
}

#endif
