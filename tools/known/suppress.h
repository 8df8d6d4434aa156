/*
 * Suppressions meet a report.
 */
#ifndef SUPPRESS_H
#define SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>

struct finding;
struct report;
struct suppressions;

/* Takes the findings and the places that grow that are suppressed out of an
 * explained report, and counts the alarms and places among them. What only they
 * hold goes with them. Notes which suppressions were used. */
void report_suppress(struct report *report, struct suppressions *all);

/* Calls `use` for each text of a finding that a `cycle:` pattern is held
 * against, until it returns true. Whether it did. */
bool cycle_texts(struct report *report, const struct finding *finding,
		 bool use(const char *text, void *data), void *data);

#endif
