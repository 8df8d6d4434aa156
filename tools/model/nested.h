/*
 * Which findings are nested in which.
 */
#ifndef NESTED_H
#define NESTED_H

#include <jansson.h>

struct finding;
struct report;

/* Adds the ids that the record nests to those that are there. A later scan
 * begins anew. */
void nested_take(struct report *report, struct finding *finding,
		 const json_t *record);
void nested_forget(struct finding *finding);
void nests_free(struct report *report);

#endif
