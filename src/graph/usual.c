/*
 * See usual.h. The sparse edges from one class to another are judged together,
 * by two signs. Most targets lead back to where the edge comes from, over
 * dense edges: a child to its parent, an entry to its table. An old word leads
 * to any block, and hardly ever to one that leads back. Or nearly all stand
 * right behind another word of that sort, as the slots of an array that is
 * filled from the front. Odd edges are not asked.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include "base/bits.h"
#include "graph/census.h"
#include "graph/graph.h"
#include "graph/sparse.h"
#include "graph/usual.h"

/* So many edges of two classes are tried, */
#define TRIES 256u
/* over so many nodes and edges each, */
#define NODES 64u
#define STEPS 4096u
/* and over so many edges together. */
#define STEPS_ALL (1u << 24)
/* So many slots of arrays tell that they are such. */
#define SLOTS 8u
/* What has become dense may lead others back. */
#define ROUNDS 4u
/* Pairs of classes, four times. */
#define KEYS_MOST (1u << 20)

enum sign { ALL, NEXT, TRIED, BACK };

struct usual {
	struct sparse *s;
	struct census signs; /* by two classes */
	uint32_t steps;	     /* so far */
	bool any;	     /* an edge was taken out in this round */
};

static uint64_t sign_key(const struct sparse *s, uint32_t from, uint32_t to,
			 enum sign sign)
{
	return census_key(sparse_rank(s, from), sparse_rank(s, to), sign);
}

static uint64_t sign_of(const struct usual *u, uint32_t from, uint32_t to,
			enum sign sign)
{
	return census_of(&u->signs, sign_key(u->s, from, to, sign));
}

static void sign_add(struct usual *u, uint32_t from, uint32_t to,
		     enum sign sign)
{
	census_count(&u->signs, sign_key(u->s, from, to, sign), KEYS_MOST);
}

/* A sparse edge between two nodes of a component that is not odd. */
static bool is_asked(const struct sparse *s, uint32_t node, uint32_t e)
{
	uint64_t bit = e + (uint64_t)node;

	return bit_is_set(s->edges, bit) && !bit_is_set(s->odd, bit) &&
	       !bit_is_set(s->all->cross, bit) && s->graph->to[e] != node;
}

static bool list_has(const uint32_t *nodes, uint32_t n, uint32_t node)
{
	while (n--) {
		if (nodes[n] == node)
			return true;
	}
	return false;
}

/* Whether dense edges lead from one node to another, over a few. */
static bool leads_back(struct usual *u, uint32_t from, uint32_t to)
{
	const struct graph *graph = u->s->graph;
	uint32_t met[NODES], n = 1, at, e, end = u->steps + STEPS;

	met[0] = from;
	for (at = 0; at < n; at++) {
		uint32_t i = met[at];

		for (e = graph->row[i]; e < graph->row[i + 1]; e++) {
			if (++u->steps >= end)
				return false;
			if (bit_is_set(u->s->edges, e + (uint64_t)i))
				continue;
			if (graph->to[e] == to)
				return true;
			if (n < NODES && !list_has(met, n, graph->to[e]))
				met[n++] = graph->to[e];
		}
	}
	return false;
}

static void edge_ask(struct usual *u, uint32_t node, uint32_t e)
{
	uint32_t to = u->s->graph->to[e];

	sign_add(u, node, to, ALL);
	if (bit_is_set(u->s->next, e + (uint64_t)node))
		sign_add(u, node, to, NEXT);
	if (u->steps >= STEPS_ALL || sign_of(u, node, to, TRIED) == TRIES)
		return;
	sign_add(u, node, to, TRIED);
	if (leads_back(u, to, node))
		sign_add(u, node, to, BACK);
}

/* Edges of which none could be tried are left as they are. */
static bool is_usual(const struct usual *u, uint32_t from, uint32_t to)
{
	uint64_t all = sign_of(u, from, to, ALL);

	return sign_of(u, from, to, BACK) * 2 >= sign_of(u, from, to, TRIED) ||
	       (all >= SLOTS && sign_of(u, from, to, NEXT) * 8 >= all * 7);
}

/* Calls visit for each edge that is asked. */
typedef void edge_fn(struct usual *u, uint32_t node, uint32_t e);
static void edges_each(struct usual *u, edge_fn *visit)
{
	const struct sparse *s = u->s;
	const uint32_t *row = s->graph->row;
	uint32_t i, e;

	for (i = 0; i < s->graph->n; i++) {
		if (!bit_is_set(s->ring, i) || !sparse_may(s, i))
			continue;
		for (e = row[i]; e < row[i + 1]; e++) {
			if (is_asked(s, i, e))
				visit(u, i, e);
		}
	}
}

static void edge_judge(struct usual *u, uint32_t node, uint32_t e)
{
	if (!is_usual(u, node, u->s->graph->to[e]))
		return;
	bit_clear(u->s->edges, e + (uint64_t)node);
	u->any = true;
}

int usual_find(struct sparse *s)
{
	struct usual u = {.s = s, .any = true};
	uint32_t round;
	int err;

	for (round = 0; u.any && round < ROUNDS; round++) {
		u.any = false;
		census_clear(&u.signs);
		edges_each(&u, edge_ask);
		edges_each(&u, edge_judge);
	}
	err = u.signs.failed ? -ENOMEM : 0;
	census_free(&u.signs);
	return err;
}
