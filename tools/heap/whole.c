/*
 * See whole.h. The root leads to a node for each kind of root, that to the
 * roots by their names, and those to blocks.
 */
#include <stdlib.h>
#include <string.h>

#include "heap/graph.h"
#include "heap/heapsnapshot.h"
#include "heap/ids.h"
#include "heap/image.h"
#include "heap/islands.h"
#include "heap/strings.h"
#include "heap/traces.h"
#include "heap/whole.h"
#include "heap/words.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"

/* What hangs below the root: the holders of words, then what none leads to. */
enum group {
	GROUP_ISLANDS = BY_MEMORY + 1,
	GROUP_SUSPECTS = GROUP_ISLANDS + IS_SUSPECT,
	GROUP_LEAKED = GROUP_ISLANDS + IS_LEAKED,
	GROUPS,
};

static const char *const group_names[] = {
	[BY_VARIABLE] = "Variables",   [BY_STACK] = "Stacks",
	[BY_REGISTER] = "Registers",   [BY_THREAD] = "Thread-local storage",
	[BY_MEMORY] = "Other memory",  [GROUP_ISLANDS] = "Held without a root",
	[GROUP_SUSPECTS] = "In doubt", [GROUP_LEAKED] = "Leaked",
};

struct building {
	struct image *image;
	const uint32_t *names; /* of the root words */
	struct islands islands;
	uint64_t parts[GROUPS]; /* how many each has below it */
};

static enum group group_of(const struct building *b, uint32_t head)
{
	return (enum group)(GROUP_ISLANDS + b->image->states[head - 1]);
}

/* Root words of one name that follow each other are one node. */
static size_t words_end(const struct building *b, size_t from, size_t *run)
{
	const struct image *image = b->image;
	size_t i = from + 1;

	while (*run + 1 < image->runs_n && image->runs[*run + 1].first <= from)
		++*run;
	while (i < image->words_n && b->names[i] == b->names[from] &&
	       (*run + 1 == image->runs_n || i < image->runs[*run + 1].first))
		i++;
	return i;
}

static void parts_count(struct building *b)
{
	size_t i, run = 0;

	for (i = 0; i < b->image->words_n; i = words_end(b, i, &run)) {
		words_end(b, i, &run);
		b->parts[b->image->runs[run].holder]++;
	}
	for (i = 0; i < b->islands.n; i++)
		b->parts[group_of(b, b->islands.heads[i])]++;
}

/* Puts n edges, not filled yet, before all others: the root's. */
static void root_make_room(struct graph *graph, uint64_t n)
{
	uint64_t i, old = graph->edges_n;

	for (i = 0; i < n; i++)
		graph_edge(graph, EDGE_ELEMENT, 0, 0);
	memmove(graph->to + n, graph->to, old * sizeof(*graph->to));
	memmove(graph->name + n, graph->name, old * sizeof(*graph->name));
	memmove(graph->type + n, graph->type, old);
	for (i = 1; i < graph->nodes_n; i++)
		graph->nodes[i].first += n;
}

/* The same from snapshot to snapshot. */
static uint32_t id_of(struct building *b, uint32_t group, const char *name)
{
	uint32_t h = 2166136261u ^ group;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return ids_take(&b->image->ids, h);
}

/* Nodes of the parts come behind all groups, in the order of the groups. */
static void group_add(struct building *b, enum group group, uint64_t first)
{
	struct graph *graph = &b->image->graph;
	size_t i, n = 0;

	graph_node(graph, NODE_NATIVE,
		   string_number(&graph->strings, group_names[group]),
		   100 + group, 0);
	if (group < GROUP_ISLANDS) {
		for (n = 0; n < b->parts[group]; n++)
			graph_edge(graph, EDGE_ELEMENT, (uint32_t)n, first + n);
		return;
	}
	for (i = 0; i < b->islands.n; i++)
		if (group_of(b, b->islands.heads[i]) == group)
			graph_edge(graph, EDGE_ELEMENT, (uint32_t)n++,
				   b->islands.heads[i]);
}

static void words_add(struct building *b, enum group group)
{
	struct image *image = b->image;
	struct graph *graph = &image->graph;
	size_t i, k, end, run = 0;

	for (i = 0; i < image->words_n; i = end) {
		end = words_end(b, i, &run);
		if ((enum group)image->runs[run].holder != group)
			continue;
		graph_node(graph, NODE_NATIVE, b->names[i],
			   id_of(b, group,
				 string_text(&graph->strings, b->names[i])),
			   0);
		for (k = i; k < end; k++)
			graph_edge(graph, EDGE_ELEMENT, (uint32_t)(k - i),
				   image->words[k].to);
	}
}

static void roots_add(struct building *b)
{
	struct graph *graph = &b->image->graph;
	uint64_t n = 0, at, first, blocks = graph->nodes_n;
	enum group group;

	for (group = 0; group < GROUPS; group++)
		n += b->parts[group] != 0;
	root_make_room(graph, n);
	first = blocks + n;
	for (group = 0, at = 0; group < GROUPS; group++) {
		if (!b->parts[group])
			continue;
		graph->to[at] = (uint32_t)(blocks + at);
		graph->name[at] = (uint32_t)at;
		graph->type[at] = EDGE_ELEMENT;
		at++;
		group_add(b, group, first);
		if (group < GROUP_ISLANDS)
			first += b->parts[group];
	}
	for (group = 0; group < GROUP_ISLANDS; group++)
		words_add(b, group);
}

const char *heap_convert(FILE *file, FILE *out)
{
	struct image image;
	struct building building = {.image = &image};
	struct traces traces = {0};
	const char *wrong = image_read(&image, file);
	struct report *report;
	uint32_t *names = NULL;

	if (!wrong) {
		building.islands = islands_find(&image);
		report = report_new();
		image_explain(&image, report, &traces, &names);
		report_free(report);
		building.names = names;
		parts_count(&building);
		roots_add(&building);
		heapsnapshot_print(&image.graph, &traces, out);
		traces_free(&traces);
		free(building.islands.heads);
		free(names);
	}
	image_free(&image);
	return wrong;
}
