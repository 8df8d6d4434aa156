/*
 * Samples: one instance of a finding as a small graph of its own, the order
 * in which it is drawn, and the edge to cut.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "base/arena.h"
#include "graph/cycle.h"
#include "graph/graph.h"
#include "graph/instance.h"

/* Nodes are numbered by their place among the members. Edges are distinct and
 * lead to others, but for those of a block alone: edge e goes
 * from[e]→graph.to[e], by one word or more. Made for the largest instance,
 * filled again for each. */
struct sample {
	struct graph graph;   /* n, row and to alone */
	const uint32_t *node; /* of the whole graph */
	uint32_t *row, *from, *to;
	uint32_t *word; /* of an edge: the one to cut first, by its number in
			   the whole graph */
	uint32_t *seen; /* scratch, one a node */
	struct components components;	 /* scratch */
	uint32_t *path, *cursor, *order; /* of sample_order() */
	uint8_t *placed;
	uint64_t work; /* spent on cuts so far, in nodes and edges seen */
};

/* nodes and edges: the most that an instance has. 0, or -ENOMEM. */
int sample_alloc(uint32_t nodes, uint32_t edges, struct arena *arena,
		 struct sample *out) __attribute__((warn_unused_result));
/* instance: a cycle. */
void sample_fill(const struct instances *instances, uint32_t instance,
		 struct sample *out);

/* The nodes from start on, all of them: from each to the next an edge leads
 * as far as could be, and in a ring from the last (which should be the one
 * called last) to the first. Valid until the next call. */
const uint32_t *sample_order(struct sample *sample, uint32_t start,
			     uint32_t last);

/* More nodes and edges than that are no graph of their own: too much memory,
 * for what is shown of them. */
#define SAMPLE_MOST (1u << 18)

/* The first nodes of such an instance: from, then those that a depth-first walk meets, from `to`
 * on. Returns how many they are, FINDING_MEMBERS_MAX at most. */
uint32_t sample_walk(const struct instances *instances, uint32_t from,
		     uint32_t to, uint32_t *nodes);

/* Debug builds and tests. */
bool sample_is_valid(const struct sample *sample);

#endif
