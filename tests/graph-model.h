/*
 * What findings are, written down as slowly and plainly as possible, for
 * graphs of up to 32 nodes. Sets of nodes are masks; a component and an
 * instance go by their lowest node ("lead").
 */
#ifndef GRAPH_MODEL_H
#define GRAPH_MODEL_H

#include <stdbool.h>
#include <string.h>
#include "graph.h"

#define MODEL_NODES 32
#define BIT(i) (1u << (i))

struct model {
	const struct graph *graph;
	uint32_t edge[MODEL_NODES];   /* targets of one edge */
	uint32_t reach[MODEL_NODES];  /* targets of one or more edges */
	uint32_t lead[MODEL_NODES];   /* of the component of a node */
	uint32_t owner[MODEL_NODES];  /* of a lead: a lead, or NODE_NONE */
	uint32_t parent[MODEL_NODES]; /* of an instance's lead, or NODE_NONE */
	uint32_t instances;	      /* leads */
	uint64_t id[MODEL_NODES];     /* of a lead: given from outside */
};

/* Warshall's closure. */
static inline void model_close(uint32_t n, const uint32_t *edge,
			       uint32_t *reach)
{
	uint32_t i, k;

	memcpy(reach, edge, n * sizeof(*reach));
	for (k = 0; k < n; k++) {
		for (i = 0; i < n; i++) {
			if (reach[i] & BIT(k))
				reach[i] |= reach[k];
		}
	}
}

static inline bool model_same(const uint32_t *reach, uint32_t i, uint32_t j)
{
	return i == j || (reach[i] & BIT(j) && reach[j] & BIT(i));
}

static inline uint32_t model_members(const struct model *m, uint32_t lead)
{
	uint32_t i, set = 0;

	for (i = 0; i < m->graph->n; i++) {
		if (m->lead[i] == lead)
			set |= BIT(i);
	}
	return set;
}

/* reach, lead and instances are filled. */
static inline void model_instances(struct model *m, const struct graph *graph)
{
	uint32_t i, j, e, held;

	memset(m, 0, sizeof(*m));
	m->graph = graph;
	for (i = 0; i < graph->n; i++) {
		for (e = graph->row[i]; e < graph->row[i + 1]; e++)
			m->edge[i] |= BIT(graph->to[e]);
	}
	model_close(graph->n, m->edge, m->reach);
	for (i = 0; i < graph->n; i++) {
		for (j = 0; !model_same(m->reach, i, j); j++)
			;
		m->lead[i] = j;
	}
	for (i = 0; i < graph->n; i++) {
		held = 0;
		for (j = 0; j < graph->n; j++)
			held |= j != i ? m->edge[j] & BIT(i) : 0;
		if (m->lead[i] == i && (!held || model_members(m, i) != BIT(i)))
			m->instances |= BIT(i);
	}
}

/* a is b or above it. NODE_NONE is above all. */
static inline bool model_above(const struct model *m, uint32_t a, uint32_t b)
{
	while (b != NODE_NONE && b != a)
		b = m->parent[b];
	return a == b;
}

/* The branch of a below the lowest that a and b are both in. */
static inline uint32_t model_branch(const struct model *m, uint32_t a,
				    uint32_t b)
{
	while (!model_above(m, m->parent[a], b))
		a = m->parent[a];
	return a;
}

/* Whether a rather than b owns what both lead to. */
static inline bool model_wins(const struct model *m, uint32_t a, uint32_t b)
{
	uint32_t x, y;

	if (model_above(m, a, b) || model_above(m, b, a))
		return model_above(m, b, a);
	x = model_branch(m, a, b);
	y = model_branch(m, b, a);
	return m->id[x] != m->id[y] ? m->id[x] < m->id[y] : x < y;
}

/* The owner of lead: of the owners of all that holds it, the one that wins
 * over every other. false when one of those has no owner yet. */
static inline bool model_owner(const struct model *m, uint32_t lead,
			       uint32_t *owner)
{
	uint32_t members = model_members(m, lead), set = 0, i, a, b;

	for (i = 0; i < m->graph->n; i++) {
		if (members & BIT(i) || !(m->edge[i] & members))
			continue;
		if (m->owner[m->lead[i]] == NODE_NONE)
			return false;
		set |= BIT(m->owner[m->lead[i]]);
	}
	*owner = NODE_NONE;
	for (a = 0; a < m->graph->n; a++) {
		bool wins = set & BIT(a);

		for (b = 0; b < m->graph->n; b++)
			wins = wins && (b == a || !(set & BIT(b)) ||
					model_wins(m, a, b));
		if (wins)
			*owner = a;
	}
	return true;
}

/* owner and parent are filled; id must be. */
static inline void model_owners(struct model *m)
{
	uint32_t i, owner, left = 0;

	memset(m->owner, 0xff, sizeof(m->owner));
	memset(m->parent, 0xff, sizeof(m->parent));
	for (i = 0; i < m->graph->n; i++)
		left |= m->lead[i] == i ? BIT(i) : 0;
	for (i = 0; left; i = (i + 1) % m->graph->n) {
		if (!(left & BIT(i)) || !model_owner(m, i, &owner))
			continue;
		left &= ~BIT(i);
		m->owner[i] = m->instances & BIT(i) ? i : owner;
		m->parent[i] = owner;
	}
}

/* All that hangs on an instance: its members, blocks, nested instances. */
static inline uint32_t model_tree(const struct model *m, uint32_t lead)
{
	uint32_t i, set = 0;

	for (i = 0; i < m->graph->n; i++) {
		if (model_above(m, lead, m->owner[m->lead[i]]))
			set |= BIT(i);
	}
	return set;
}

static inline uint64_t model_bytes(const struct model *m, uint32_t set)
{
	uint64_t bytes = 0;
	uint32_t i;

	for (i = 0; i < m->graph->n; i++)
		bytes += set & BIT(i) ? m->graph->size[i] : 0;
	return bytes;
}

/* The size of the largest component of set without the edge from→to. */
static inline int model_remaining(const struct model *m, uint32_t set,
				  uint32_t from, uint32_t to)
{
	uint32_t edge[MODEL_NODES], reach[MODEL_NODES], i, j;
	int most = 0;

	for (i = 0; i < m->graph->n; i++)
		edge[i] = set & BIT(i) ? m->edge[i] & set : 0;
	edge[from] &= ~BIT(to);
	model_close(m->graph->n, edge, reach);
	for (i = 0; i < m->graph->n; i++) {
		int size = 0;

		for (j = 0; j < m->graph->n; j++)
			size += set & BIT(i) && model_same(reach, i, j);
		most = size > most ? size : most;
	}
	return most;
}

/* The most nodes of set on one path from at on, all of them not in past. When
 * whole is a node: only paths that end there count. */
static inline int model_longest(const struct model *m, uint32_t set,
				uint32_t past, uint32_t at, uint32_t whole)
{
	int most = whole == NODE_NONE || whole == at ? 1 : -MODEL_NODES;
	uint32_t i;

	for (i = 0; i < m->graph->n; i++) {
		int more;

		if (!(m->edge[at] & set & ~past & ~BIT(at) & BIT(i)))
			continue;
		more = 1 + model_longest(m, set, past | BIT(at), i, whole);
		most = more > most ? more : most;
	}
	return most;
}

#endif
