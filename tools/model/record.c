/*
 * One record of a report file → the model. It takes what is there in the type
 * that it should have, and nothing else. A value that is missing or of another
 * type is 0, NULL or empty. An index that points nowhere is dropped. So what
 * comes after needs no checks.
 */
#include "common/hash.h"
#include "model/hosts.h"
#include "model/lookup.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/record.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

uint64_t record_number(const json_t *record, const char *key)
{
	const json_t *value = json_object_get(record, key);
	double number;

	if (json_is_integer(value) && json_integer_value(value) > 0)
		return (uint64_t)json_integer_value(value);
	number = json_is_real(value) ? json_real_value(value) : 0;
	return number > 0 && number < 1e18 ? (uint64_t)number : 0;
}

const char *record_string(struct report *report, const json_t *record,
			  const char *key)
{
	const json_t *value = json_object_get(record, key);

	if (!json_is_string(value))
		return NULL;
	return report_name(report, json_string_value(value),
			   json_string_length(value));
}

struct stack *place_take(struct report *report, const json_t *record)
{
	const json_t *list = json_object_get(record, "stack");
	struct lookup lookup = {0};
	struct stack *stack;

	if (!json_array_size(list))
		return NULL;
	modules_take(report, record, &lookup);
	stack = report_take(report, 1, sizeof(*stack));
	stack_take(report, list, &lookup, stack);
	return stack->n ? stack : NULL;
}

/* A run without the command has no token: there the host tells. */
static uint64_t run_hash(const json_t *record)
{
	const char *run = json_string_value(json_object_get(record, "run"));
	const char *host = json_string_value(json_object_get(record, "host"));

	return hash_text(hash_text(HASH_FIRST, run ? run : ""),
			 host ? host : "");
}

struct program *program_take(struct report *report, const json_t *record)
{
	struct program *program = report_take(report, 1, sizeof(*program));
	const json_t *argv = json_object_get(record, "argv");
	size_t i;

	program->pid = (int64_t)record_number(record, "pid");
	program->forked = json_is_true(json_object_get(record, "forked"));
	program->end_scan = NO_SCAN;
	program->exe = record_string(report, record, "exe");
	program->run = run_hash(record);
	program->host = host_of(report, record_string(report, record, "host"));
	program->argv =
		report_take(report, json_array_size(argv), sizeof(char *));
	for (i = 0; i < json_array_size(argv); i++) {
		const char *word = json_string_value(json_array_get(argv, i));

		if (word)
			program->argv[program->argc++] =
				report_name(report, word, strlen(word));
	}
	return program;
}
