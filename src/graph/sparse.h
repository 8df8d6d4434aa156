/*
 * Sparse edges. Edges are of one kind when they stand at one offset of blocks
 * of one class and lead equally far into their targets. A kind that fewer than
 * half of the blocks of the class have is sparse: a slot of an array, a
 * reference that is optional, or an old word. Internal to stale.c and usual.c.
 */
#ifndef SPARSE_H
#define SPARSE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bits.h"
#include "graph/components.h"
#include "graph/graph.h"
#include "graph/ranks.h"

struct sparse {
	const struct graph *graph;
	const struct ranks *ranks;
	const struct components *all; /* of all edges, with cross */
	struct arena *arena;
	uint64_t *ring; /* bits: nodes in a component of two or more, ... */
	uint64_t *near; /* ... and those that lead to one */
	/* Of a rank: */
	uint32_t *near_n; /* how many near nodes are of it */
	uint32_t *into;	  /* words that lead into such a block, not to its first
			     byte, in what was counted */
	uint64_t *some;	  /* bits: blocks of it have sparse edges */
	/* Bits, one an edge: */
	uint64_t *edges;
	uint64_t *odd;	/* of those: the edge leads to a place in its target to
			   which few others of the target's class lead */
	uint64_t *next; /* of those that are not odd: the word before, or the
			   one before that, leads to the same place of the same
			   class */
};

/* Fills all that is not given. edges is NULL when there are none. 0, or
 * -ENOMEM. */
int sparse_find(struct sparse *s) __attribute__((warn_unused_result));

static inline uint32_t sparse_rank(const struct sparse *s, uint32_t node)
{
	return s->ranks->rank[s->graph->class[node]];
}

/* Whether an edge of the node may be sparse. */
static inline bool sparse_may(const struct sparse *s, uint32_t node)
{
	return bit_is_set(s->near, node) &&
	       bit_is_set(s->some, sparse_rank(s, node));
}

#endif
