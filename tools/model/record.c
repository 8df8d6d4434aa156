/*
 * One record of a report file → the model. It takes what is there in the type
 * that it should have, and nothing else. A value that is missing or of another
 * type is 0, NULL or empty. An index that points nowhere is dropped. So what
 * comes after needs no checks.
 */
#include "model/memory.h"
#include "model/model.h"
#include "model/record.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS_MAX 100 /* as the library writes */

static const struct stack none;
static struct symbol no_symbol;
static const struct place no_place = {.n = 1, .symbols = &no_symbol};

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
	return report_copy(report, json_string_value(value),
			   json_string_length(value));
}

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

struct lookup {
	struct module **modules;
	size_t modules_n;
	struct stack *stacks;
	size_t stacks_n;
};

/* The stack whose index is the value of the entry's key, or NULL. */
static const struct stack *stack_at(const json_t *entry,
				    const struct lookup *lookup)
{
	const json_t *stack = json_object_get(entry, "stack");
	json_int_t s = json_is_integer(stack) ? json_integer_value(stack) : -1;

	if (s < 0 || (uint64_t)s >= lookup->stacks_n)
		return NULL;
	return &lookup->stacks[s];
}

static bool frame_take(const json_t *pair, const struct lookup *lookup,
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

static void modules_take(struct report *report, const json_t *record,
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

static void stack_take(struct report *report, const json_t *entry,
		       const struct lookup *lookup, struct stack *stack)
{
	size_t i;

	stack->frames = report_take(report, json_array_size(entry),
				    sizeof(*stack->frames));
	for (i = 0; i < json_array_size(entry); i++)
		stack->n += frame_take(json_array_get(entry, i), lookup,
				       &stack->frames[stack->n]);
}

static void stacks_take(struct report *report, const json_t *record,
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

/* "0x" and what can be an address, or NULL. */
static const char *address_take(struct report *report, const json_t *entry)
{
	const char *address = record_string(report, entry, "address");

	if (!address || strncmp(address, "0x", 2) || !address[2] ||
	    address[2 + strspn(address + 2, "0123456789abcdef")])
		return NULL;
	return address;
}

static void resources_take(struct report *report, struct member *member,
			   const json_t *entry)
{
	const json_t *list = json_object_get(entry, "resources");
	size_t i;

	member->resources =
		report_take(report, json_array_size(list), sizeof(char *));
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *value = json_array_get(list, i);

		if (json_is_string(value))
			member->resources[member->resources_n++] =
				obstack_copy0(&report->memory,
					      json_string_value(value),
					      (int)json_string_length(value));
	}
}

static void member_take(struct report *report, struct member *member,
			const json_t *entry, const struct lookup *lookup)
{
	const json_t *count = json_object_get(entry, "refcount");

	member->size = record_number(entry, "size");
	member->address = address_take(report, entry);
	member->stack = stack_at(entry, lookup);
	if (!member->stack)
		member->stack = &none;
	member->has_vtable = frame_take(json_object_get(entry, "vtable"),
					lookup, &member->vtable);
	member->type = record_string(report, entry, "type");
	member->finalizer = record_string(report, entry, "finalizer");
	member->has_count = json_is_integer(count);
	member->count = json_integer_value(count);
	resources_take(report, member, entry);
}

static void members_take(struct report *report, struct finding *finding,
			 const json_t *record, const struct lookup *lookup)
{
	const json_t *list = json_object_get(record, "members");
	size_t i;

	finding->members_n = json_array_size(list);
	if (finding->members_n > MEMBERS_MAX)
		finding->members_n = MEMBERS_MAX;
	finding->members = report_take(report, finding->members_n,
				       sizeof(*finding->members));
	for (i = 0; i < finding->members_n; i++)
		member_take(report, &finding->members[i],
			    json_array_get(list, i), lookup);
	finding->members_total = record_number(record, "members_total");
	if (finding->members_total < json_array_size(list))
		finding->members_total = json_array_size(list);
}

/* An index; SIZE_MAX, which is no member, when it is missing. */
static size_t index_take(const json_t *entry, const char *key)
{
	const json_t *value = json_object_get(entry, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return SIZE_MAX;
	return (size_t)json_integer_value(value);
}

static const char *edge_kind(const json_t *entry)
{
	const char *kind = json_string_value(json_object_get(entry, "kind"));

	if (kind && !strcmp(kind, "interior"))
		return "interior";
	return kind && !strcmp(kind, "weak") ? "weak" : "strong";
}

/* Fills finding->cut, too. In the record it counts all edges, also those that
 * we drop. */
static void edges_take(struct report *report, struct finding *finding,
		       const json_t *record, const struct lookup *lookup)
{
	const json_t *list = json_object_get(record, "edges");
	const json_t *cut = json_object_get(record, "cut");
	const json_t *cut_edge = json_object_get(cut, "edge");
	size_t i;

	finding->cut = -1;
	finding->edges = report_take(report, json_array_size(list),
				     sizeof(*finding->edges));
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);
		struct edge *edge = &finding->edges[finding->edges_n];
		json_int_t offset =
			json_integer_value(json_object_get(entry, "offset"));

		edge->from = index_take(entry, "from");
		edge->to = index_take(entry, "to");
		edge->offset = offset;
		edge->kind = edge_kind(entry);
		edge->field = record_string(report, entry, "field");
		edge->stack = stack_at(entry, lookup);
		if (edge->from >= finding->members_n ||
		    edge->to >= finding->members_n)
			continue;
		if (json_is_integer(cut_edge) &&
		    json_integer_value(cut_edge) == (json_int_t)i)
			finding->cut = (long)finding->edges_n;
		finding->edges_n++;
	}
	finding->cut_reason = record_string(report, cut, "reason");
}

static void acquires_take(struct report *report, struct finding *finding,
			  const json_t *record, const struct lookup *lookup)
{
	const json_t *list = json_object_get(record, "acquires");
	const json_t *references = json_object_get(record, "references");
	size_t i;

	finding->references = -1;
	if (json_is_integer(references) && json_integer_value(references) >= 0)
		finding->references = json_integer_value(references);
	finding->acquires = report_take(report, json_array_size(list),
					sizeof(struct acquire));
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);
		struct acquire *acquire =
			&finding->acquires[finding->acquires_n];

		acquire->count = record_number(entry, "count");
		acquire->member = (size_t)record_number(entry, "member");
		acquire->stack = stack_at(entry, lookup);
		if (!acquire->stack)
			acquire->stack = &none;
		finding->acquires_n +=
			acquire->count && acquire->member < finding->members_n;
	}
}

void sample_take(struct report *report, struct finding *finding,
		 const json_t *record)
{
	struct lookup lookup = {0};

	stacks_take(report, record, &lookup);
	members_take(report, finding, record, &lookup);
	edges_take(report, finding, record, &lookup);
	acquires_take(report, finding, record, &lookup);
	finding->held_by = record_string(report, record, "held_by");
	finding->sampled = report->programs_n;
}

const struct stack *place_take(struct report *report, const json_t *record)
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

struct program *program_take(struct report *report, const json_t *record)
{
	struct program *program = report_take(report, 1, sizeof(*program));
	const json_t *argv = json_object_get(record, "argv");
	size_t i;

	program->pid = (int64_t)record_number(record, "pid");
	program->forked = json_is_true(json_object_get(record, "forked"));
	program->end_scan = NO_SCAN;
	program->exe = record_string(report, record, "exe");
	program->argv =
		report_take(report, json_array_size(argv), sizeof(char *));
	for (i = 0; i < json_array_size(argv); i++) {
		const char *word = json_string_value(json_array_get(argv, i));

		if (word)
			program->argv[program->argc++] =
				report_copy(report, word, strlen(word));
	}
	return program;
}
