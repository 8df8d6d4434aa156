/*
 * See lookup.h.
 */
#include "model/lookup.h"
#include "model/memory.h"
#include "model/model.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

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
	module->path = report_copy(report, path, n);
	module->build_id = key + n + 1;
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
	return true;
}

void modules_take(struct report *report, const json_t *record,
		  struct lookup *lookup)
{
	const json_t *modules = json_object_get(record, "modules");
	size_t i;

	lookup->modules_n = json_array_size(modules);
	lookup->modules = report_take(report, lookup->modules_n,
				      sizeof(*lookup->modules));
	for (i = 0; i < lookup->modules_n; i++)
		lookup->modules[i] =
			module_take(report, json_array_get(modules, i));
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
