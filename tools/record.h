/*
 * What reader.c asks of record.c: parts of one parsed line, as the model has
 * them. Everything is allocated in the report.
 */
#ifndef RECORD_H
#define RECORD_H

#include <jansson.h>
#include "model.h"

uint64_t record_number(const json_t *record, const char *key);
const char *record_string(struct report *report, const json_t *record,
			  const char *key);
struct program *program_take(struct report *report, const json_t *record);
struct scan *scan_take(struct report *report, const json_t *record);
/* What a finding's first sighting has: members, edges, acquires, cut. */
void sample_take(struct report *report, struct finding *finding,
		 const json_t *record);
/* The stack of a warning, or NULL. */
const struct stack *place_take(struct report *report, const json_t *record);
/* Adds the ids that the record nests to those that are there. */
void nested_take(struct report *report, struct finding *finding,
		 const json_t *record);

#endif
