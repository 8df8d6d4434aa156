/*
 * Strongly connected components of a graph, without recursion.
 */
#ifndef CYCLE_H
#define CYCLE_H

#include <stdint.h>
#include "arena.h"
#include "graph.h"

/* component[i] is the component of node i, 0..count-1, numbered so that an
 * edge between two components always leads from the larger number to the
 * smaller (the order in which Tarjan's algorithm closes them). Linear in
 * nodes and edges. 0, or -ENOMEM. */
struct components {
	uint32_t count;
	uint32_t *component; /* n entries */
};

int components_find(const struct graph *graph, struct arena *arena,
		    struct components *out) __attribute__((warn_unused_result));

#endif
