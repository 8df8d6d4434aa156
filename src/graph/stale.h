/*
 * Stale words: what stood in memory before it was given to a block that never
 * wrote there. They lead anywhere, so they would glue unrelated rings together.
 */
#ifndef STALE_H
#define STALE_H

#include <stdint.h>
#include "base/arena.h"
#include "graph/components.h"
#include "graph/graph.h"
#include "graph/ranks.h"

/* components are those of all edges, with cross. *stale is NULL when no edge is
 * to be passed over, else bits, one an edge (bits_of_edges()). Only edges that
 * begin or end in a ring are looked at. 0, or -ENOMEM. */
int stale_find(const struct graph *graph, const struct ranks *ranks,
	       const struct components *components, struct arena *arena,
	       uint64_t **stale) __attribute__((warn_unused_result));

#endif
