/*
 * A line of a report file → its record.
 */
#ifndef PARSE_H
#define PARSE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define FORMAT_NAME "gordian-lines/1"

/* NULL: it is no record. Release it by json_decref(). */
json_t *line_parse(const char *line, size_t n);
bool record_is(const json_t *record, const char *type);
/* Whether it is a first line of this format. record may be NULL. */
bool line_is_program(const json_t *record);

#endif
