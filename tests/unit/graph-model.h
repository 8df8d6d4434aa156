/*
 * What findings are, written down as slowly and plainly as possible, for
 * graphs of up to 32 nodes. Sets of nodes are masks; a component goes by its
 * lowest node ("lead"), an instance by the lead of its component, or, of an
 * object that counts too many references, by EXCESS(the object).
 */
#ifndef GRAPH_MODEL_H
#define GRAPH_MODEL_H

#include <stdbool.h>
#include <string.h>
#include "graph/finding.h"
#include "graph/graph.h"

#define MODEL_NODES 32
#define MODEL_INSTANCES (2 * MODEL_NODES)
#define EXCESS(i) (MODEL_NODES + (i))
#define BIT(i) (1u << (i))

struct model {
	const struct graph *graph;
	uint32_t edge[MODEL_NODES];  /* targets of one edge */
	uint32_t reach[MODEL_NODES]; /* targets of one or more edges */
	uint32_t lead[MODEL_NODES];  /* of the component of a node */
	uint32_t owner[MODEL_NODES]; /* of a lead: an instance, or NODE_NONE */
	bool is[MODEL_INSTANCES];    /* an instance */
	uint32_t parent[MODEL_INSTANCES]; /* an instance, or NODE_NONE */
	uint64_t id[MODEL_INSTANCES];	  /* given from outside */
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

static inline bool model_cycle(const struct model *m, uint32_t lead)
{
	return model_members(m, lead) != BIT(lead) ||
	       m->graph->flags[lead] & NODE_SELF;
}

static inline bool model_excess(const struct graph *graph, uint32_t i)
{
	int64_t words = 0;
	uint32_t e;

	for (e = 0; e < graph->row[graph->n]; e++)
		words += graph->to[e] == i;
	return graph->count && !(graph->flags[i] & NODE_SUSPECT) &&
	       graph->count[i] > words;
}

static inline enum finding_kind model_kind(const struct model *m, uint32_t a)
{
	if (a >= MODEL_NODES)
		return FINDING_EXCESS;
	return model_cycle(m, a) ? FINDING_CYCLE : FINDING_LOST;
}

/* The lead of an instance's component. */
static inline uint32_t model_lead(const struct model *m, uint32_t a)
{
	return m->lead[a % MODEL_NODES];
}

/* The members of an instance. */
static inline uint32_t model_set(const struct model *m, uint32_t a)
{
	return a < MODEL_NODES ? model_members(m, a) : BIT(a - MODEL_NODES);
}

/* Whether instance a comes before b: their number. */
static inline bool model_before(const struct model *m, uint32_t a, uint32_t b)
{
	if (model_lead(m, a) != model_lead(m, b))
		return model_lead(m, a) < model_lead(m, b);
	return a >= MODEL_NODES && (b < MODEL_NODES || a < b);
}

/* reach, lead and is are filled. */
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
		m->is[EXCESS(i)] = model_excess(graph, i);
		m->is[i] = m->lead[i] == i &&
			   (model_cycle(m, i) || (!held && !m->is[EXCESS(i)]));
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
	return m->id[x] != m->id[y] ? m->id[x] < m->id[y]
				    : model_before(m, x, y);
}

/* The owner of lead: of the owners of all that holds it, the one that wins
 * over every other. false when one of those has no owner yet. */
static inline bool model_owner(const struct model *m, uint32_t lead,
			       uint32_t *owner)
{
	uint32_t members = model_members(m, lead), i, a, b;
	bool set[MODEL_INSTANCES] = {false};

	for (i = 0; i < m->graph->n; i++) {
		if (members & BIT(i) || !(m->edge[i] & members))
			continue;
		if (m->owner[m->lead[i]] == NODE_NONE)
			return false;
		set[m->owner[m->lead[i]]] = true;
	}
	*owner = NODE_NONE;
	for (a = 0; a < MODEL_INSTANCES; a++) {
		bool wins = set[a];

		for (b = 0; wins && b < MODEL_INSTANCES; b++)
			wins = b == a || !set[b] || model_wins(m, a, b);
		if (wins)
			*owner = a;
	}
	return true;
}

/* The instances of a component below each other and below owner, the cycle
 * last. Returns the last one. */
static inline uint32_t model_chain(struct model *m, uint32_t lead,
				   uint32_t owner)
{
	uint32_t i;

	for (i = 0; i < m->graph->n; i++) {
		if (m->lead[i] != lead || !m->is[EXCESS(i)])
			continue;
		m->parent[EXCESS(i)] = owner;
		owner = EXCESS(i);
	}
	if (!m->is[lead])
		return owner;
	m->parent[lead] = owner;
	return lead;
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
		m->owner[i] = model_chain(m, i, owner);
	}
}

/* All that hangs on an instance: its members, blocks, nested instances. */
static inline uint32_t model_tree(const struct model *m, uint32_t a)
{
	uint32_t i, set = 0;

	for (i = 0; i < m->graph->n; i++) {
		if (model_above(m, a, m->owner[m->lead[i]]))
			set |= BIT(i);
	}
	return set;
}

static inline uint64_t model_bytes(const struct model *m, uint32_t set)
{
	uint64_t bytes = 0;
	uint32_t i;

	for (i = 0; i < m->graph->n; i++)
		bytes += set & BIT(i) ? graph_size(m->graph, i) : 0;
	return bytes;
}

/* Of the words from a to b: whether a back pointer is among them, and when the
 * last was linked (the last back pointer, if there is one). False: none. */
static inline bool model_words(const struct graph *g, uint32_t a, uint32_t b,
			       bool *back, uint64_t *since)
{
	bool any = false;
	uint32_t e;

	*back = false;
	*since = 0;
	for (e = g->row[a]; e < g->row[a + 1]; e++)
		*back = *back || (g->to[e] == b && g->back && g->back[e]);
	for (e = g->row[a]; e < g->row[a + 1]; e++) {
		if (g->to[e] != b)
			continue;
		any = true;
		if (!g->since || (*back && !g->back[e]))
			continue;
		*since = g->since[e] > *since ? g->since[e] : *since;
	}
	return any;
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
