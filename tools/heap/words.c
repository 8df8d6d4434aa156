/*
 * See words.h. Blocks of one kind are typed together: by their stack and size,
 * or what their first word or their runtime says. The words of the first of
 * them stand for all, as evidence of the type, and lead to other kinds, which
 * get types from the fields.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/die.h"
#include "heap/callers.h"
#include "heap/fields.h"
#include "heap/graph.h"
#include "heap/image.h"
#include "heap/strings.h"
#include "heap/traces.h"
#include "heap/words.h"
#include "model/lookup.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/makers.h"
#include "render/names.h"
#include "symbols/modules.h"
#include "symbols/resolve.h"
#include "types/types.h"

#define SAMPLE 16 /* words of a block that tell its type */

static struct module **modules_make(const struct image *image,
				    struct report *report)
{
	json_t *list = json_array(), *record;
	struct lookup lookup = {0};
	size_t i;

	for (i = 0; i < image->modules_n; i++) {
		const struct image_module *module = &image->modules[i];

		json_array_append_new(
			list, json_pack("{s:s, s:s}", "path",
					string_text(&image->graph.strings,
						    module->path),
					"build_id", module->build_id));
	}
	record = json_pack("{s:o}", "modules", list);
	if (!record)
		die(STATUS_FAILED, "out of memory");
	modules_take(report, record, &lookup);
	json_decref(record);
	if (lookup.modules_n != image->modules_n)
		die(STATUS_FAILED, "out of memory");
	return lookup.modules;
}

static void member_fill(const struct image *image, struct report *report,
			const struct callers *callers, const struct alike *kind,
			struct member *member)
{
	const char *name =
		kind->key.name == NONE
			? NULL
			: string_text(&image->graph.strings, kind->key.name);

	member->size = kind->key.size;
	member->stack = caller_stack(report, callers, kind->key.stack);
	member->part_of = -1;
	if (kind->key.told == TOLD_MACRO || kind->key.told == TOLD_RUNTIME) {
		member->type = name;
		member->type_from = kind->key.told == TOLD_MACRO
					    ? TYPE_FROM_MACRO
					    : TYPE_FROM_RUNTIME;
		if (kind->key.told == TOLD_RUNTIME)
			member->runtime = "";
	}
	if (kind->key.told != TOLD_CLASS)
		return;
	member->rtti = name;
	member->has_vtable = true;
	member->vtable = spot_frame(
		callers, (struct spot){kind->key.module, kind->key.vtable});
}

/* The words of the first block of each kind. */
static void edges_fill(const struct image *image, struct report *report,
		       struct finding *all)
{
	const struct graph *graph = &image->graph;
	uint64_t i, e, end;

	all->edges = report_take(report, image->kinds_n * SAMPLE,
				 sizeof(*all->edges));
	for (i = 0; i < image->kinds_n; i++) {
		uint64_t node = image->kinds[i].first;

		e = graph->nodes[node].first;
		end = graph_end(graph, node);
		end = end - e > SAMPLE ? e + SAMPLE : end;
		for (; e < end; e++) {
			struct edge *edge = &all->edges[all->edges_n];

			if (graph->name[e] < 2 || graph->type[e] & WORD_NAMED)
				continue;
			edge->from = i;
			edge->to = graph->nodes[graph->to[e]].name;
			edge->offset = (int64_t)graph->name[e] - 2;
			edge->kind = "strong";
			all->edges_n++;
		}
	}
}

static void kinds_type(const struct image *image, struct report *report,
		       const struct callers *callers, struct finding *all)
{
	size_t i;

	all->members_n = image->kinds_n;
	all->members =
		report_take(report, image->kinds_n, sizeof(*all->members));
	for (i = 0; i < image->kinds_n; i++)
		member_fill(image, report, callers, &image->kinds[i],
			    &all->members[i]);
	edges_fill(image, report, all);
	finding_resolve(report, all);
	finding_types(report, all);
}

/* "Session", "make()", "libx.so+0x12". */
static uint32_t kind_name(struct image *image, struct report *report,
			  const struct member *member)
{
	const char *type = member_type(report, member);
	struct maker maker;

	if (!type && member->stack->n) {
		maker = stack_maker(report, member->stack);
		type = maker_doing(report, &maker);
		type = *type ? type : maker.where;
	}
	return string_number_n(&image->graph.strings, type ? type : "(block)",
			       strlen(type ? type : "(block)"));
}

static void nodes_name(struct image *image, struct report *report,
		       const struct finding *all, struct fields *fields)
{
	struct graph *graph = &image->graph;
	uint32_t *names = calloc(image->kinds_n + 1, sizeof(*names));
	uint64_t i, e;

	if (!names)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < image->kinds_n; i++)
		names[i] = kind_name(image, report, &all->members[i]);
	for (i = 1; i < graph->nodes_n; i++) {
		struct node *node = &graph->nodes[i];

		for (e = node->first; e < graph_end(graph, i); e++)
			edge_name(fields, graph, e, node->name,
				  &all->members[node->name]);
		node->name = names[node->name];
	}
	free(names);
}

static void traces_fill(struct image *image, const uint32_t *numbers,
			struct traces *traces)
{
	uint64_t i;

	for (i = 1; i < image->graph.nodes_n; i++) {
		struct node *node = &image->graph.nodes[i];
		uint32_t n = node->trace ? numbers[node->trace - 1] : 0;

		node->trace = n ? n + 1 : 0;
		for (; n; n = traces->list[n].parent) {
			traces->list[n].count++;
			traces->list[n].size += node->size;
		}
	}
}

/* "shop: sessions", "thread 3 stack: serve()" */
static uint32_t root_word_name(struct image *image, struct report *report,
			       const struct callers *callers,
			       const struct run *run,
			       const struct root_word *word)
{
	struct frame place = spot_frame(callers, word->spot);
	const char *name = "other memory";

	if (run->holder == BY_VARIABLE && place.module)
		name = variable_label(report, &place);
	if (run->holder == BY_STACK)
		name = frame_label(
			report, callers, run->code,
			text_print(report, "thread %u stack", run->thread));
	if (run->holder == BY_REGISTER)
		name = text_print(report, "thread %u registers", run->thread);
	if (run->holder == BY_THREAD)
		name = text_print(report, "thread %u thread-local storage",
				  run->thread);
	return string_number_n(&image->graph.strings, name, strlen(name));
}

static uint32_t *roots_name(struct image *image, struct report *report,
			    const struct callers *callers)
{
	uint32_t *names = calloc(image->words_n + 1, sizeof(*names));
	size_t i, run = 0;

	if (!names)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < image->words_n; i++) {
		bool begins = !i;

		while (run + 1 < image->runs_n &&
		       image->runs[run + 1].first <= i) {
			run++;
			begins = true;
		}
		if (!begins && image->runs[run].holder != BY_VARIABLE)
			names[i] = names[i - 1];
		else
			names[i] = root_word_name(image, report, callers,
						  &image->runs[run],
						  &image->words[i]);
	}
	return names;
}

void image_explain(struct image *image, struct report *report,
		   struct traces *traces, uint32_t **roots)
{
	struct callers callers = {.image = image};
	struct fields fields = {.report = report,
				.strings = &image->graph.strings};
	struct finding *all = report_take(report, 1, sizeof(*all));
	uint32_t *numbers;

	callers.modules = modules_make(image, report);
	callers_resolve(report, &callers);
	kinds_type(image, report, &callers, all);
	nodes_name(image, report, all, &fields);
	fields_free(&fields);
	traces_begin(traces, &image->graph);
	numbers = callers_trace(report, &callers, traces);
	traces_fill(image, numbers, traces);
	free(numbers);
	*roots = roots_name(image, report, &callers);
	modules_close(report);
}
