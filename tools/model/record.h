/*
 * One record of a report file → the model.
 */
#ifndef RECORD_H
#define RECORD_H

#include <jansson.h>
#include <stdint.h>

struct program;
struct report;
struct stack;

uint64_t record_number(const json_t *record, const char *key);
const char *record_string(struct report *report, const json_t *record,
			  const char *key);
struct program *program_take(struct report *report, const json_t *record);
/* The stack of a warning, or NULL. */
struct stack *place_take(struct report *report, const json_t *record);

#endif
