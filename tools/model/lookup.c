/*
 * See lookup.h.
 */
#include "common/hash.h"
#include "model/lookup.h"
#include "model/memory.h"
#include "model/model.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The module of Python code, which is in no file of its own. */
#define PYTHON_MODULE "python"

static struct symbol no_symbol;
static const struct place no_place = {.n = 1, .symbols = &no_symbol};

/* The one struct module for that path and build-id. */
static struct module *module_take(struct report *report, const json_t *entry)
{
	const char *path = json_string_value(json_object_get(entry, "path"));
	const char *id = json_string_value(json_object_get(entry, "build_id"));
	size_t n = strlen(path ? path : "");
	struct module *module;
	char *key;

	path = path ? path : "";
	id = id ? id : "";
	key = report_take(report, 1, n + strlen(id) + 2);
	memcpy(key, path, n);
	key[n] = '\n';
	strcpy(key + n + 1, id);
	HASH_FIND_STR(report->modules, key, module);
	if (module)
		return module;
	module = report_take(report, 1, sizeof(*module));
	module->key = key;
	module->path = report_name(report, path, n);
	module->build_id = report_name(report, id, strlen(id));
	module->is_python = !strcmp(path, PYTHON_MODULE);
	HASH_ADD_KEYPTR(hh, report->modules, key, strlen(key), module);
	return module;
}

struct stack *stack_at(const json_t *entry, const struct lookup *lookup)
{
	const json_t *stack = json_object_get(entry, "stack");
	json_int_t s = json_is_integer(stack) ? json_integer_value(stack) : -1;

	if (s < 0 || (uint64_t)s >= lookup->stacks_n)
		return NULL;
	return &lookup->stacks[s];
}

/* Names are known already: they are the record's. */
static void python_take(const struct lookup *lookup, struct frame *frame)
{
	if (frame->address >= lookup->python_n)
		return;
	frame->place = &lookup->python[frame->address];
	frame->address = frame->place->address;
}

bool frame_take(const json_t *pair, const struct lookup *lookup,
		struct frame *frame)
{
	const json_t *module = json_array_get(pair, 0);
	const json_t *address = json_array_get(pair, 1);
	json_int_t m;

	if (!json_is_integer(module) || !json_is_integer(address))
		return false;
	m = json_integer_value(module);
	frame->module = m >= 0 && (uint64_t)m < lookup->modules_n
				? lookup->modules[m]
				: NULL;
	frame->address = (uint64_t)json_integer_value(address);
	frame->place = &no_place;
	if (frame->module && frame->module->is_python)
		python_take(lookup, frame);
	return true;
}

static const char *string_take(struct report *report, const json_t *text)
{
	return json_is_string(text)
		       ? report_name(report, json_string_value(text),
				     json_string_length(text))
		       : NULL;
}

/* A number that is positive and fits; else 0. */
static int line_take(const json_t *number)
{
	json_int_t line =
		json_is_integer(number) ? json_integer_value(number) : 0;

	return line > 0 && line <= INT_MAX ? (int)line : 0;
}

/* The address of a place is the same in all records. */
static uint64_t place_address(const struct symbol *symbol)
{
	uint64_t hash = HASH_FIRST;

	hash = hash_text(hash, symbol->function ? symbol->function : "");
	hash = hash_text(hash, symbol->file ? symbol->file : "");
	return hash_bytes(hash, &symbol->line, sizeof(symbol->line)) >> 1 | 1;
}

static void place_take(struct report *report, const json_t *entry,
		       struct place *place)
{
	struct symbol *symbol = report_take(report, 1, sizeof(*symbol));

	symbol->function =
		string_take(report, json_object_get(entry, "function"));
	symbol->file = string_take(report, json_object_get(entry, "file"));
	symbol->line = line_take(json_object_get(entry, "line"));
	symbol->home = symbol->file;
	symbol->first_line = line_take(json_object_get(entry, "first_line"));
	place->n = 1;
	place->symbols = symbol;
	place->address = place_address(symbol);
}

void modules_take(struct report *report, const json_t *record,
		  struct lookup *lookup)
{
	const json_t *modules = json_object_get(record, "modules");
	const json_t *python = json_object_get(record, "python");
	size_t i;

	lookup->modules_n = json_array_size(modules);
	lookup->modules = report_take(report, lookup->modules_n,
				      sizeof(*lookup->modules));
	for (i = 0; i < lookup->modules_n; i++)
		lookup->modules[i] =
			module_take(report, json_array_get(modules, i));
	lookup->python_n = json_array_size(python);
	lookup->python =
		report_take(report, lookup->python_n, sizeof(*lookup->python));
	for (i = 0; i < lookup->python_n; i++)
		place_take(report, json_array_get(python, i),
			   &lookup->python[i]);
}

void stack_take(struct report *report, const json_t *entry,
		const struct lookup *lookup, struct stack *stack)
{
	size_t i;

	stack->frames = report_take(report, json_array_size(entry),
				    sizeof(*stack->frames));
	for (i = 0; i < json_array_size(entry); i++)
		stack->n += frame_take(json_array_get(entry, i), lookup,
				       &stack->frames[stack->n]);
}

void stacks_take(struct report *report, const json_t *record,
		 struct lookup *lookup)
{
	const json_t *list = json_object_get(record, "stacks");
	size_t i;

	modules_take(report, record, lookup);
	lookup->stacks_n = json_array_size(list);
	lookup->stacks =
		report_take(report, lookup->stacks_n, sizeof(struct stack));
	for (i = 0; i < lookup->stacks_n; i++)
		stack_take(report, json_array_get(list, i), lookup,
			   &lookup->stacks[i]);
}
