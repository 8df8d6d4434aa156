/*
 * See kept.h. A head's type shows in what it points at, and so does which of
 * its blocks are only parts of it. So the nearest of them are shown too.
 *
 * All work is bounded: a head may lead to millions of blocks, and there may be
 * thousands of heads.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/bits.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "graph/kept.h"

/* Of all findings together. When they are used up, a finding has KEPT_LEAST. */
#define KEPT_ALL 8192
#define KEPT_LEAST 8
#define EDGES_ONE (1u << 14) /* looked at, of one finding */
#define EDGES_ALL (1u << 23)

struct walk {
	const struct graph *graph;
	uint64_t *met; /* bits: a node is the head or among the kept */
	uint32_t *kept, n, most;
	uint32_t edges; /* still to be looked at */
};

static void walk_from(struct walk *w, uint32_t node)
{
	uint32_t e = w->graph->row[node], end = w->graph->row[node + 1];

	for (; e < end && w->n < w->most && w->edges; e++, w->edges--) {
		uint32_t to = w->graph->to[e];

		if (bit_is_set(w->met, to) || graph_is_stale(w->graph, node, e))
			continue;
		bit_set(w->met, to);
		w->kept[w->n++] = to;
	}
}

/* Breadth first, in the order of words. */
static void walk(struct walk *w, uint32_t head)
{
	uint32_t i;

	bit_set(w->met, head);
	walk_from(w, head);
	for (i = 0; i < w->n; i++)
		walk_from(w, w->kept[i]);
	bit_clear(w->met, head);
	for (i = 0; i < w->n; i++)
		bit_clear(w->met, w->kept[i]);
}

/* What is left of the work for all findings. */
struct left {
	uint32_t kept, edges;
};

static int keep(struct walk *w, struct arena *arena, struct left *left,
		struct finding *finding)
{
	uint32_t may = left->edges < EDGES_ONE ? left->edges : EDGES_ONE;

	w->n = 0;
	w->most =
		left->kept >= FINDING_KEPT_MAX ? FINDING_KEPT_MAX : KEPT_LEAST;
	w->edges = may;
	walk(w, finding->members[0]);
	left->edges -= may - w->edges;
	left->kept -= w->n < left->kept ? w->n : left->kept;
	if (!w->n)
		return 0;
	finding->kept = arena_array(arena, w->n, sizeof(*w->kept));
	if (!finding->kept)
		return -ENOMEM;
	memcpy(finding->kept, w->kept, w->n * sizeof(*w->kept));
	finding->kept_n = w->n;
	return 0;
}

static int keep_each(const struct graph *graph, struct arena *arena,
		     uint64_t *met, struct finding *list, uint32_t n)
{
	uint32_t i, kept[FINDING_KEPT_MAX];
	struct walk w = {.graph = graph, .met = met, .kept = kept};
	struct left left = {KEPT_ALL, EDGES_ALL};
	int err = 0;

	for (i = 0; i < n && !err; i++)
		if (list[i].kind != FINDING_CYCLE)
			err = keep(&w, arena, &left, &list[i]);
	return err;
}

/* Counts words for the nodes that have a bit. before: how many nodes have one
 * in the cells of bits before. */
struct counting {
	const uint64_t *shown;
	uint32_t *before, *count, n;
};

static uint32_t *counter(const struct counting *c, uint32_t node)
{
	uint64_t bits = c->shown[node / 64] & ((1ul << node % 64) - 1);

	return &c->count[c->before[node / 64] + count_bits(bits)];
}

static int counting_make(struct counting *c, const struct graph *graph,
			 struct arena *arena)
{
	uint32_t i;

	c->before = arena_array(arena, graph->n / 64 + 1, sizeof(*c->before));
	if (!c->before)
		return -ENOMEM;
	for (i = c->n = 0; i < graph->n / 64 + 1; i++) {
		c->before[i] = c->n;
		c->n += count_bits(c->shown[i]);
	}
	c->count = arena_array(arena, c->n, sizeof(*c->count));
	if (!c->count)
		return -ENOMEM;
	return 0;
}

static void count_words(const struct counting *c, const struct graph *graph)
{
	uint32_t e;

	for (e = 0; e < graph->row[graph->n]; e++)
		if (bit_is_set(c->shown, graph->to[e]))
			++*counter(c, graph->to[e]);
}

static int counts_take(const struct counting *c, struct arena *arena,
		       struct finding *f)
{
	uint32_t i, n = finding_shown(f);

	f->in = arena_array(arena, n, sizeof(*f->in));
	if (!f->in)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		f->in[i] = *counter(c, finding_node(f, i));
	return 0;
}

static int counts_fill(const struct graph *graph, struct arena *arena,
		       uint64_t *shown, struct finding *list, uint32_t n)
{
	struct counting c = {.shown = shown};
	uint32_t i, k;
	int err;

	for (i = 0; i < n; i++)
		for (k = 0; k < finding_shown(&list[i]); k++)
			bit_set(shown, finding_node(&list[i], k));
	err = counting_make(&c, graph, arena);
	if (!err)
		count_words(&c, graph);
	for (i = 0; i < n && !err; i++)
		err = counts_take(&c, arena, &list[i]);
	return err;
}

int kept_fill(const struct graph *graph, struct arena *arena,
	      struct finding *list, uint32_t n)
{
	uint64_t *bits;
	int err;

	if (!n)
		return 0;
	bits = arena_array(arena, graph->n / 64 + 1, sizeof(*bits));
	if (!bits)
		return -ENOMEM;
	err = keep_each(graph, arena, bits, list, n);
	if (!err)
		err = counts_fill(graph, arena, bits, list, n);
	return err;
}
