/*
 * See traces.h. Ids in the file are one more than here: 0 is no stack there.
 */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/die.h"
#include "common/room.h"
#include "heap/graph.h"
#include "heap/strings.h"
#include "heap/traces.h"

/* The key of a function, and of a node. */
struct trace_key {
	uint32_t kind; /* 0: a function; 1: a node */
	uint32_t a, b, c;
};

struct trace_seen {
	struct trace_key key;
	uint32_t number;
	UT_hash_handle hh;
};

static uint32_t *number_of(struct traces *traces, struct trace_key key,
			   uint32_t next)
{
	struct trace_seen *seen;

	HASH_FIND(hh, traces->seen, &key, sizeof(key), seen);
	if (seen)
		return &seen->number;
	seen = calloc(1, sizeof(*seen));
	if (!seen)
		die(STATUS_FAILED, "out of memory");
	seen->key = key;
	seen->number = next;
	HASH_ADD(hh, traces->seen, key, sizeof(seen->key), seen);
	return &seen->number;
}

static uint32_t function_add(struct traces *traces,
			     const struct trace_function *function)
{
	struct trace_key key = {0, function->name, function->file,
				function->line};
	uint32_t n = (uint32_t)traces->functions_n;
	uint32_t number = *number_of(traces, key, n);

	if (number < n)
		return number;
	traces->functions =
		room_for(traces->functions, n, &traces->functions_room,
			 sizeof(*traces->functions));
	traces->functions[traces->functions_n++] = *function;
	return number;
}

static void node_add(struct traces *traces, uint32_t parent, uint32_t function)
{
	uint32_t n = (uint32_t)traces->n;

	traces->list =
		room_for(traces->list, n, &traces->room, sizeof(*traces->list));
	traces->list[traces->n++] =
		(struct trace){.parent = parent, .function = function};
	if (!n)
		return;
	traces->list[n].next = traces->list[parent].child;
	traces->list[parent].child = n;
}

uint32_t trace_add(struct traces *traces, uint32_t parent,
		   const struct trace_function *function)
{
	uint32_t f = function_add(traces, function);
	struct trace_key key = {1, parent, f, 0};
	uint32_t n = (uint32_t)traces->n;
	uint32_t number = *number_of(traces, key, n);

	if (number == n)
		node_add(traces, parent, f);
	return number;
}

void traces_begin(struct traces *traces, struct graph *graph)
{
	struct trace_function root = {
		.name = string_number(&graph->strings, "(root)"),
		.file = string_number(&graph->strings, ""),
	};

	node_add(traces, 0, function_add(traces, &root));
}

static void functions_print(const struct traces *traces, FILE *out)
{
	size_t i;

	fputs("\"trace_function_infos\":[", out);
	for (i = 0; i < traces->functions_n; i++) {
		const struct trace_function *f = &traces->functions[i];

		fprintf(out, "%s%zu,%u,%u,0,%u,0\n", i ? "," : "", i, f->name,
			f->file, f->line);
	}
	fputs("],\n", out);
}

/* Goes down to children first, and up when there is no brother. */
static void tree_print(const struct traces *traces, FILE *out)
{
	uint32_t i = 0;

	fputs("\"trace_tree\":[", out);
	for (;;) {
		const struct trace *trace = &traces->list[i];

		fprintf(out, "%u,%u,%u,%u,[", i + 1, trace->function,
			trace->count, trace->size);
		if (trace->child) {
			i = trace->child;
			continue;
		}
		fputc(']', out);
		while (i && !traces->list[i].next) {
			i = traces->list[i].parent;
			fputc(']', out);
		}
		if (!i)
			break;
		i = traces->list[i].next;
		fputc(',', out);
	}
	fputs("],\n", out);
}

void traces_print(const struct traces *traces, FILE *out)
{
	functions_print(traces, out);
	tree_print(traces, out);
}

void traces_free(struct traces *traces)
{
	struct trace_seen *seen, *next;

	HASH_ITER(hh, traces->seen, seen, next) {
		HASH_DEL(traces->seen, seen);
		free(seen);
	}
	free(traces->list);
	free(traces->functions);
}
