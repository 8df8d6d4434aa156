/*
 * The alarms in the order of the text form: the largest first, and below each
 * the findings that are nested in it.
 */
#ifndef ORDER_H
#define ORDER_H

#include <stddef.h>

struct finding;
struct report;

struct listed {
	struct finding *finding;
	const struct finding *holder; /* or NULL */
	int depth;
};

struct order {
	size_t n;
	struct listed *list; /* malloc'd */
};

/* Also sets the findings' ranks. Call it once for a report. */
struct order order_make(struct report *report);

#endif
