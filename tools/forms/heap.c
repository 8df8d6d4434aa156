/*
 * See heap.h. One node for each member of each sample, below a node "Leaked".
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/hash.h"
#include "forms/heap.h"
#include "heap/framed.h"
#include "heap/graph.h"
#include "heap/heapsnapshot.h"
#include "heap/ids.h"
#include "heap/strings.h"
#include "heap/traces.h"
#include "model/model.h"
#include "render/makers.h"
#include "render/names.h"
#include "render/order.h"

#define LEAKED 1u /* its number; the root is 0 */
#define FIRST 2u  /* of the members */

struct heap {
	struct report *report;
	struct graph graph;
	struct traces traces;
	struct ids ids;
};

static const struct edge *words_of(const struct finding *finding, size_t *n)
{
	*n = finding->words_n ? finding->words_n : finding->edges_n;
	return finding->words_n ? finding->words : finding->edges;
}

/* Marks what the member leads to. */
static void reach(const struct finding *finding, size_t from, bool *reached)
{
	const struct edge *words;
	size_t n, i;
	bool more = true;

	words = words_of(finding, &n);
	reached[from] = true;
	while (more) {
		more = false;
		for (i = 0; i < n; i++) {
			if (!reached[words[i].from] || reached[words[i].to] ||
			    edge_is_weak(&words[i]))
				continue;
			reached[words[i].to] = more = true;
		}
	}
}

/* Adds edges to the heads: to members from which the others are reached. */
static void heads_add(struct heap *heap, const struct finding *finding,
		      uint64_t first)
{
	bool *reached = calloc(finding->members_n + 1, sizeof(*reached));
	struct graph *graph = &heap->graph;
	size_t i, k, head = finding->head;

	if (!reached)
		die(STATUS_FAILED, "out of memory");
	for (k = 0; k <= finding->members_n; k++) {
		i = k ? k - 1 : head;
		if (i >= finding->members_n || reached[i])
			continue;
		graph_edge(
			graph, EDGE_ELEMENT,
			(uint32_t)(graph->edges_n - graph->nodes[LEAKED].first),
			first + i);
		reach(finding, i, reached);
	}
	free(reached);
}

static uint32_t member_trace(struct heap *heap, const struct member *member)
{
	uint32_t trace = 0;
	size_t i;

	for (i = member->stack->n; i-- > 0;)
		trace = frame_trace(heap->report, &heap->graph.strings,
				    &member->stack->frames[i], trace,
				    &heap->traces);
	return trace ? trace + 1 : 0;
}

static const char *member_name(struct heap *heap, const struct member *member)
{
	const char *type = member_type(heap->report, member);
	struct maker maker = stack_maker(heap->report, member->stack);

	if (type)
		return type;
	type = maker_doing(heap->report, &maker);
	return *type ? type : maker.where;
}

static void edge_add(struct heap *heap, const struct edge *edge, uint64_t first)
{
	const char *field = edge->field && *edge->field
				    ? edge->field
				    : edge_field(heap->report, edge);

	graph_edge(&heap->graph, edge_is_weak(edge) ? EDGE_WEAK : EDGE_PROPERTY,
		   string_number_n(&heap->graph.strings, field, strlen(field)),
		   first + edge->to);
}

static void members_add(struct heap *heap, const struct finding *finding)
{
	uint64_t first = heap->graph.nodes_n;
	uint64_t hash = hash_text(HASH_FIRST, finding->id);
	const struct edge *words;
	size_t n, i, k;

	words = words_of(finding, &n);
	for (i = 0; i < finding->members_n; i++) {
		const struct member *member = &finding->members[i];
		const char *name = member_name(heap, member);
		uint32_t id = ids_take(&heap->ids, (uint32_t)(hash + i));

		graph_node(&heap->graph, NODE_OBJECT,
			   string_number_n(&heap->graph.strings, name,
					   strlen(name)),
			   id, member->size)
			->trace = member_trace(heap, member);
		for (k = 0; k < n; k++)
			if (words[k].from == i)
				edge_add(heap, &words[k], first);
	}
}

static void findings_add(struct heap *heap, const struct order *order)
{
	struct graph *graph = &heap->graph;
	uint64_t first = FIRST;
	size_t i;

	graph_node(graph, NODE_SYNTHETIC, string_number(&graph->strings, ""), 1,
		   0);
	graph_edge(graph, EDGE_ELEMENT, 0, LEAKED);
	graph_node(graph, NODE_NATIVE, string_number(&graph->strings, "Leaked"),
		   3, 0);
	for (i = 0; i < order->n; i++) {
		heads_add(heap, order->list[i].finding, first);
		first += order->list[i].finding->members_n;
	}
	for (i = 0; i < order->n; i++)
		members_add(heap, order->list[i].finding);
}

void heap_print(struct report *report, FILE *out)
{
	struct heap heap = {.report = report};
	struct order order = order_alarms(report);

	traces_begin(&heap.traces, &heap.graph);
	findings_add(&heap, &order);
	heapsnapshot_print(&heap.graph, &heap.traces, out);
	traces_free(&heap.traces);
	ids_free(&heap.ids);
	graph_free(&heap.graph);
	free(order.list);
}
