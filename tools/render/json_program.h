/*
 * The programs of a report as JSON. Each value is a new reference, which the
 * caller owns.
 */
#ifndef JSON_PROGRAM_H
#define JSON_PROGRAM_H

#include <jansson.h>

struct program;
struct report;

json_t *program_json(const struct program *program);
json_t *programs_json(const struct report *report);

#endif
