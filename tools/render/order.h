/*
 * Findings in the order of the text form: the largest first, and below each
 * the findings that are nested in it. Those that libraries allocate come after
 * those of the program, and what is pending after these.
 */
#ifndef ORDER_H
#define ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct finding;
struct report;

struct listed {
	struct finding *finding;
	const struct finding *holder; /* or NULL */
	int depth;
	bool unfolded; /* see alike.h */
};

struct order {
	size_t n;
	struct listed *list; /* malloc'd */
};

/* Whether a library allocated it, and none of the program's functions nearer
 * by.
 */
bool is_of_library(const struct finding *finding);
/* All that are shown whole. Also sets the findings' ranks. Call one of the two,
 * once for a report. */
struct order order_make(struct report *report);
/* The alarms alone: other tools have no word for what is pending. */
struct order order_alarms(struct report *report);

#endif
