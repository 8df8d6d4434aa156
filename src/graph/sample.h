/*
 * Samples: one instance of a finding as a small graph of its own, the order
 * in which it is drawn, and the edge to cut.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "base/arena.h"
#include "graph/components.h"
#include "graph/graph.h"
#include "graph/instance.h"

/* Nodes are numbered by their place among the members. Edges are distinct and
 * lead to other nodes, except for a block alone. Edge e goes
 * from[e]→graph.to[e] and stands for one word or more. The memory is made for
 * the largest instance and filled again for each. */
struct sample {
	struct graph graph;   /* n, row and to alone */
	const uint32_t *node; /* of the whole graph */
	uint32_t *row, *from, *to;
	uint32_t *word; /* of an edge: its word to cut first, by its number in
			   the whole graph */
	uint32_t *seen; /* scratch, one a node */
	struct components components;	 /* scratch */
	uint32_t *path, *cursor, *order; /* of sample_order() */
	uint8_t *placed;
	uint64_t work; /* spent on cuts so far, in nodes and edges seen */
};

/* nodes, edges: the most that an instance has. 0, or -ENOMEM. */
int sample_alloc(uint32_t nodes, uint32_t edges, struct arena *arena,
		 struct sample *out) __attribute__((warn_unused_result));
/* instance must be a cycle. */
void sample_fill(const struct instances *instances, uint32_t instance,
		 struct sample *out);

/* All nodes, from start on. As far as possible an edge leads from each to the
 * next. In a ring one leads from the last (which should be the one called last)
 * to the first. Valid until the next call. */
const uint32_t *sample_order(struct sample *sample, uint32_t start,
			     uint32_t last);

/* An instance of more nodes and edges than this is no graph of its own: that
 * would take too much memory for what is shown. */
#define SAMPLE_MOST (1u << 18)

/* The first nodes of such an instance: from, then those that a depth-first walk
 * meets, from `to` on. Returns how many they are, FINDING_MEMBERS_MAX at most.
 */
uint32_t sample_walk(const struct instances *instances, uint32_t from,
		     uint32_t to, uint32_t *nodes);

/* Debug builds and tests. */
bool sample_is_valid(const struct sample *sample);

#endif
