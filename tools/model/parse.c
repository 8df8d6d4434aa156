/*
 * Turns a line into a record: a JSON object that says what it is. A line may be
 * anybody's.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "model/parse.h"

#define DEPTH_MAX 16 /* a stack among others in a record is four deep */

/* Whether the line nests no deeper than our records: the parser calls itself
 * for each level. */
static bool is_flat(const char *line, size_t n)
{
	bool quoted = false;
	size_t i;
	int depth = 0;

	for (i = 0; i < n && depth <= DEPTH_MAX; i++) {
		if (line[i] == '\\' && quoted)
			i++;
		else if (line[i] == '"')
			quoted = !quoted;
		else if (!quoted && (line[i] == '[' || line[i] == '{'))
			depth++;
		else if (!quoted && (line[i] == ']' || line[i] == '}'))
			depth--;
	}
	return depth <= DEPTH_MAX;
}

json_t *line_parse(const char *line, size_t n)
{
	char *text = is_flat(line, n) ? text_from_bytes(line, n) : NULL;
	json_t *record = NULL;

	if (text)
		record = json_loads(text, JSON_ALLOW_NUL, NULL);
	free(text);
	if (record && !json_is_string(json_object_get(record, "t"))) {
		json_decref(record);
		record = NULL;
	}
	return record;
}

bool record_is(const json_t *record, const char *type)
{
	const json_t *t = json_object_get(record, "t");

	return !strcmp(json_string_value(t), type);
}

bool line_is_program(const json_t *record)
{
	const json_t *format = json_object_get(record, "format");

	return record && record_is(record, "program") &&
	       json_is_string(format) &&
	       !strcmp(json_string_value(format), FORMAT_NAME);
}
