/*
 * Which edges are passed over, because they may be old words.
 *
 * The memory of a buffer, or of a field that is never set, still has what stood
 * there before. Such words join rings that have nothing to do with each other.
 * They are told by their number: an edge that most blocks of a class have is no
 * accident. So rings are found over dense edges first. What those join is a
 * ring, and no sparse edge makes it larger. Where dense edges make no ring, a
 * ring of sparse ones is one, too, but for odd edges: those lead to places
 * inside of blocks to which nothing else leads.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/bits.h"
#include "graph/components.h"
#include "graph/graph.h"
#include "graph/ranks.h"
#include "graph/sparse.h"
#include "graph/stale.h"
#include "graph/usual.h"

struct stale {
	struct sparse sparse;
	uint64_t *core; /* bits: nodes of rings of dense edges */
	/* Bits of nodes, by the edges that are left: */
	uint64_t *held;	 /* another node leads to it */
	uint64_t *leads; /* it leads to another of its component of all edges */
};

/* Fills core: the components without any sparse edge. */
static int cores_find(struct stale *st)
{
	const struct sparse *s = &st->sparse;
	struct graph graph = *s->graph;
	struct components dense = {.alone = s->all->alone,
				   .nodes = s->all->nodes,
				   .stale = s->edges};
	uint64_t *large = NULL;
	uint32_t i;

	graph.room = NULL;
	st->core = arena_array(s->arena, graph.n / 64 + 1ul, 8);
	if (st->core && !components_find(&graph, s->arena, &dense))
		large = components_large(&graph, &dense, s->arena);
	if (!large)
		return -ENOMEM;
	for (i = 0; i < graph.n; i++) {
		uint32_t c = dense.component[i];

		if (c != NODE_NONE && bit_is_set(large, c))
			bit_set(st->core, i);
	}
	arena_release(large, dense.count / 64 + 1ul, 8);
	arena_release(dense.component, graph.n, sizeof(uint32_t));
	return 0;
}

/* Whether a sparse edge is passed over. One that leads out of its component
 * closes no ring. It is left out where it would only put one ring below
 * another. */
static bool edge_is_stale(const struct stale *st, uint32_t node, uint32_t e)
{
	const struct sparse *s = &st->sparse;
	uint32_t to = s->graph->to[e];
	bool odd = bit_is_set(s->odd, e + (uint64_t)node);
	bool from_core = bit_is_set(st->core, node);
	bool to_core = bit_is_set(st->core, to);

	if (bit_is_set(s->all->cross, e + (uint64_t)node))
		return bit_is_set(s->ring, to) &&
		       (odd || (from_core && to_core));
	return odd || to == node || from_core || to_core;
}

/* Leaves only stale edges in the bits. */
static void edges_choose(struct stale *st)
{
	const struct sparse *s = &st->sparse;
	const uint32_t *row = s->graph->row;
	uint32_t i, e;

	for (i = 0; i < s->graph->n; i++) {
		if (!sparse_may(s, i))
			continue;
		for (e = row[i]; e < row[i + 1]; e++) {
			if (!edge_is_stale(st, i, e))
				bit_clear(s->edges, e + (uint64_t)i);
		}
	}
}

/* Fills held and leads. */
static void holders_find(struct stale *st)
{
	const struct sparse *s = &st->sparse;
	const struct graph *graph = s->graph;
	uint32_t i, e;

	for (i = 0; i < graph->n; i++) {
		for (e = graph->row[i]; e < graph->row[i + 1]; e++) {
			if (graph->to[e] == i ||
			    bit_is_set(s->edges, e + (uint64_t)i))
				continue;
			bit_set(st->held, graph->to[e]);
			if (!bit_is_set(s->all->cross, e + (uint64_t)i))
				bit_set(st->leads, i);
		}
	}
}

/* A block that nothing holds any more, and that leads nowhere, stays with the
 * rings that lead to it. That makes no ring larger. */
static void leaves_keep(struct stale *st)
{
	const struct sparse *s = &st->sparse;
	const struct graph *graph = s->graph;
	uint32_t i, e;

	for (i = 0; i < graph->n; i++) {
		if (!bit_is_set(st->core, i) || !sparse_may(s, i))
			continue;
		for (e = graph->row[i]; e < graph->row[i + 1]; e++) {
			uint32_t to = graph->to[e];

			if (!bit_is_set(st->core, to) &&
			    !bit_is_set(st->held, to) &&
			    !bit_is_set(st->leads, to))
				bit_clear(s->edges, e + (uint64_t)i);
		}
	}
}

static int edges_keep(struct stale *st)
{
	const struct sparse *s = &st->sparse;
	size_t words = s->graph->n / 64 + 1ul;

	st->held = arena_array(s->arena, words, 8);
	st->leads = arena_array(s->arena, words, 8);
	if (!st->held || !st->leads)
		return -ENOMEM;
	edges_choose(st);
	holders_find(st);
	leaves_keep(st);
	arena_release(st->held, words, 8);
	arena_release(st->leads, words, 8);
	return 0;
}

int stale_find(const struct graph *graph, const struct ranks *ranks,
	       const struct components *components, struct arena *arena,
	       uint64_t **stale)
{
	struct stale st = {.sparse = {.graph = graph,
				      .ranks = ranks,
				      .all = components,
				      .arena = arena}};
	int err;

	*stale = NULL;
	if (!graph->words || !graph->row[graph->n])
		return 0;
	err = sparse_find(&st.sparse);
	if (err || !st.sparse.edges)
		return err;
	err = usual_find(&st.sparse);
	if (!err)
		err = cores_find(&st);
	if (!err)
		err = edges_keep(&st);
	*stale = st.sparse.edges;
	return err;
}
