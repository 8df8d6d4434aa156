/*
 * See rings.h. A sample has at most 100 members, so that depth is bounded.
 */
#include <string.h>

#include "meaning/blocks.h"
#include "meaning/rings.h"
#include "model/memory.h"
#include "model/model.h"

/* For the search of components (Tarjan), and for the one of a way. */
struct search {
	size_t *number, *low, *stack;
	bool *open;
	size_t numbers, stack_n, components;
	size_t start;		       /* of the ways that were found last */
	size_t *distance, *queue, *by; /* by: the edge that led there */
	bool *owned;
};

bool edge_owns(const struct edge *edge)
{
	return edge->ownership == OWN_COUNTED || edge->ownership == OWN_UNIQUE;
}

bool edge_may_own(const struct edge *edge)
{
	return edge->ownership != OWN_WEAK && edge->ownership != OWN_BORROWED;
}

bool edge_may_refer(const struct edge *edge)
{
	return edge->ownership != OWN_WEAK;
}

static bool is_used(const struct rings *rings, size_t e)
{
	const struct edge *edge = &rings->finding->edges[e];

	return e != rings->without && edge->from != edge->to &&
	       rings->use(edge);
}

static void edges_sort(struct rings *rings)
{
	const struct finding *finding = rings->finding;
	size_t *first = rings->first, e, i;

	for (e = 0; e < finding->edges_n; e++)
		first[finding->edges[e].from + 2]++;
	for (i = 2; i < rings->n + 2; i++)
		first[i] += first[i - 1];
	for (e = 0; e < finding->edges_n; e++)
		rings->out[first[finding->edges[e].from + 1]++] = e;
}

static void component_close(struct rings *rings, size_t root)
{
	struct search *s = rings->search;
	size_t i, c = s->components++;

	rings->size[c] = 0;
	do {
		i = s->stack[--s->stack_n];
		s->open[i] = false;
		rings->component[i] = c;
		rings->size[c]++;
	} while (i != root);
}

static void member_visit(struct rings *rings, size_t i)
{
	struct search *s = rings->search;
	size_t k, to;

	s->number[i] = s->low[i] = ++s->numbers;
	s->stack[s->stack_n++] = i;
	s->open[i] = true;
	for (k = rings->first[i]; k < rings->first[i + 1]; k++) {
		if (!is_used(rings, rings->out[k]))
			continue;
		to = rings->finding->edges[rings->out[k]].to;
		if (!s->number[to])
			member_visit(rings, to);
		if (s->open[to] && s->low[to] < s->low[i])
			s->low[i] = s->low[to];
	}
	if (s->low[i] == s->number[i])
		component_close(rings, i);
}

static void components_find(struct rings *rings)
{
	struct search *s = rings->search;
	size_t i;

	memset(s->number, 0, rings->n * sizeof(size_t));
	s->numbers = s->stack_n = s->components = 0;
	for (i = 0; i < rings->n; i++)
		if (!s->number[i])
			member_visit(rings, i);
}

void rings_open(struct rings *rings, struct blocks *blocks, edge_fn *use)
{
	size_t n = blocks->n, size = sizeof(size_t);
	struct search *s = blocks_take(blocks, 1, sizeof(*s));

	*rings = (struct rings){.blocks = blocks,
				.finding = blocks->finding,
				.use = use,
				.n = n,
				.without = NOBODY,
				.search = s};
	rings->first = blocks_take(blocks, n + 2, size);
	rings->out = blocks_take(blocks, blocks->finding->edges_n, size);
	rings->component = blocks_take(blocks, n, size);
	rings->size = blocks_take(blocks, n, size);
	s->number = blocks_take(blocks, n, size);
	s->low = blocks_take(blocks, n, size);
	s->stack = blocks_take(blocks, n, size);
	s->open = blocks_take(blocks, n, sizeof(bool));
	s->distance = blocks_take(blocks, n, size);
	s->queue = blocks_take(blocks, n, size);
	s->by = blocks_take(blocks, n, size);
	s->owned = blocks_take(blocks, n, sizeof(bool));
	s->start = NOBODY;
	edges_sort(rings);
	components_find(rings);
}

void rings_without(struct rings *rings, size_t edge)
{
	rings->without = edge;
	components_find(rings);
}

bool rings_have(const struct rings *rings, size_t e)
{
	const struct edge *edge = &rings->finding->edges[e];

	if (edge->from == edge->to)
		return e != rings->without && rings->use(edge) &&
		       edge->ownership == OWN_COUNTED;
	return is_used(rings, e) &&
	       rings->component[edge->from] == rings->component[edge->to];
}

/* Notes a way to where edge e leads; a longer one is none. */
static void way_note(struct search *s, const struct edge *edge, size_t e,
		     size_t *end)
{
	bool owned = s->owned[edge->from] || edge_owns(edge);
	size_t distance = s->distance[edge->from] + 1;

	if (s->distance[edge->to] == NOBODY) {
		s->queue[(*end)++] = edge->to;
		s->distance[edge->to] = distance;
	} else if (s->distance[edge->to] != distance ||
		   s->owned[edge->to] >= owned) {
		return;
	}
	s->by[edge->to] = e;
	s->owned[edge->to] = owned;
}

/* Shortest ways from a member to all others. */
static void ways_find(struct rings *rings, size_t from)
{
	struct search *s = rings->search;
	size_t i, k, at, end = 0;

	for (i = 0; i < rings->n; i++)
		s->distance[i] = NOBODY;
	s->start = from;
	s->distance[from] = 0;
	s->owned[from] = false;
	s->queue[end++] = from;
	for (at = 0; at < end; at++)
		for (i = s->queue[at], k = rings->first[i];
		     k < rings->first[i + 1]; k++)
			if (is_used(rings, rings->out[k]))
				way_note(s,
					 &rings->finding->edges[rings->out[k]],
					 rings->out[k], &end);
}

bool rings_has_owner(struct rings *rings, size_t e)
{
	const struct edge *edge = &rings->finding->edges[e];
	struct search *s = rings->search;

	if (!rings_have(rings, e))
		return false;
	if (s->start != edge->to)
		ways_find(rings, edge->to);
	return s->distance[edge->from] != NOBODY && s->owned[edge->from];
}

size_t rings_shortest(struct rings *rings, size_t e, const size_t **ring)
{
	const struct edge *edges = rings->finding->edges;
	struct search *s = rings->search;
	size_t n, i, at, *list;

	*ring = NULL;
	if (!rings_have(rings, e))
		return 0;
	ways_find(rings, edges[e].to);
	n = s->distance[edges[e].from];
	list = report_take(rings->blocks->report, n + 1, sizeof(*list));
	list[n] = e;
	for (i = n, at = edges[e].from; i--; at = edges[s->by[at]].from)
		list[i] = s->by[at];
	*ring = list;
	return n + 1;
}
