/*
 * Strongly connected components of a graph, without recursion.
 */
#ifndef COMPONENTS_H
#define COMPONENTS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "graph/graph.h"

/* component[i] is the component of node i, 0..count-1. An edge between two
 * components always leads from the larger number to the smaller: Tarjan's
 * algorithm closes them in that order. A stale edge leads nowhere. */
struct components {
	uint32_t count;
	uint32_t *component; /* n entries */
	/* Bits, or NULL: */
	const uint64_t
		*alone; /* nodes that are left out: they have no edge but to
			   themselves, and their component is NODE_NONE */
	const uint64_t *stale; /* edges that are passed over, edge e of node i
				  at e + i */
	uint64_t *held;	       /* out: components to which another one leads */
	uint64_t *cross;       /* out: edges that lead to another one, edge e
				  of node i at e + i; both or neither */
	uint32_t nodes;	       /* how many nodes are not alone */
	/* scratch */
	struct component_step *path;
	uint32_t *record;
};

/* Linear in nodes and edges. 0, or -ENOMEM. */
int components_find(const struct graph *graph, struct arena *arena,
		    struct components *out) __attribute__((warn_unused_result));

/* The same in steps, for many graphs of up to n nodes and so many edges. Of a
 * graph only n, row and to are read. The edges from→to are passed over. A
 * zeroed struct is empty; alone and nodes may be set before. */
int components_alloc(uint32_t n, uint32_t edges, struct arena *arena,
		     struct components *out)
	__attribute__((warn_unused_result));
void components_without(const struct graph *graph, uint32_t from, uint32_t to,
			struct components *out);

/* Whether each component has at least two nodes: bits by component. The nodes
 * that are alone are left out. NULL when memory is short. */
uint64_t *components_large(const struct graph *graph,
			   const struct components *components,
			   struct arena *arena);

/* Debug builds and tests: numbers in range, none empty, edges downwards. */
bool components_is_valid(const struct graph *graph,
			 const struct components *components);

#endif
