/*
 * Inside the reader: source.c has the lines of a file, reader.c takes records,
 * record.c their parts, memory.c is what the report lives in.
 */
#ifndef RECORD_H
#define RECORD_H

#include <jansson.h>
#include "model/model.h"

#define FORMAT_NAME "gordian-lines/1"

/* memory.c: zeroed; a string, ended by a 0. */
void *report_take(struct report *report, size_t n, size_t size);
char *report_copy(struct report *report, const char *text, size_t n);
void text_append(struct report *report, struct text ***end, const char *text,
		 const struct stack *stack);
void report_damage(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* reader.c */
bool record_is(const json_t *record, const char *type);
void program_read(struct report *report, const json_t *record);
/* Takes a record; *scan is the number of the scan that it closes, or 0. False
 * when it is none, or says nothing. */
bool record_read(struct report *report, const json_t *record, uint64_t *scan);

/* record.c */
uint64_t record_number(const json_t *record, const char *key);
const char *record_string(struct report *report, const json_t *record,
			  const char *key);
struct program *program_take(struct report *report, const json_t *record);
/* What a finding's first sighting has: members, edges, acquires, cut. */
void sample_take(struct report *report, struct finding *finding,
		 const json_t *record);
/* The stack of a warning, or NULL. */
const struct stack *place_take(struct report *report, const json_t *record);

/* scans.c: the scan of a record, of the last program. */
struct figures figures_take(const json_t *record);
struct scan *scan_take(struct report *report, const json_t *record,
		       const struct figures *figures);

/* nested.c: adds the ids that the record nests to those that are there; a later
 * scan begins anew. */
void nested_take(struct report *report, struct finding *finding,
		 const json_t *record);
void nested_forget(struct finding *finding);

#endif
