/*
 * Strongly connected components of a graph, without recursion.
 */
#ifndef CYCLE_H
#define CYCLE_H

#include <stdbool.h>
#include <stdint.h>
#include "arena.h"
#include "graph.h"

/* component[i] is the component of node i, 0..count-1, numbered so that an
 * edge between two components always leads from the larger number to the
 * smaller (the order in which Tarjan's algorithm closes them). */
struct components {
	uint32_t count;
	uint32_t *component; /* n entries */
	uint32_t *cursor;    /* scratch: the next edge of a node to look at */
	uint32_t *stack;     /* scratch */
	uint8_t *lower;	     /* scratch: no root of its component */
};

/* Linear in nodes and edges. 0, or -ENOMEM. */
int components_find(const struct graph *graph, struct arena *arena,
		    struct components *out) __attribute__((warn_unused_result));

/* The same in two steps, for who looks at many graphs of up to n nodes. Of a
 * graph only n, row and to are read; the edges from→to are passed over. */
int components_alloc(uint32_t n, struct arena *arena, struct components *out)
	__attribute__((warn_unused_result));
void components_without(const struct graph *graph, uint32_t from, uint32_t to,
			struct components *out);

/* Debug builds and tests: numbers in range, none empty, edges downwards. */
bool components_is_valid(const struct graph *graph,
			 const struct components *components);

#endif
