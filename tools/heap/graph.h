/*
 * A heap as Chromium's DevTools read it: nodes, and the edges of each. 32 bytes
 * a node and 9 an edge.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include <stddef.h>
#include <stdint.h>

#include "heap/strings.h"

/* The numbers of V8's types (HeapSnapshotJSONSerializer). */
enum node_type { NODE_OBJECT = 3, NODE_NATIVE = 8, NODE_SYNTHETIC = 9 };
enum edge_type { EDGE_ELEMENT = 1, EDGE_PROPERTY = 2, EDGE_WEAK = 6 };

struct node {
	uint32_t name; /* a string */
	uint32_t id;
	uint32_t size;
	uint32_t trace; /* a node of the tree of stacks, or 0 */
	uint32_t type;
	uint64_t first; /* its first edge */
};

struct graph {
	uint64_t nodes_n, nodes_room, edges_n, edges_room;
	struct node *nodes;
	uint32_t *to;	/* of an edge: the number of a node */
	uint32_t *name; /* a string or, of an element, its index */
	uint8_t *type;
	struct strings strings;
};

/* Adds a node, and edges to the last node. to may be a node that comes later.
 */
struct node *graph_node(struct graph *graph, enum node_type type, uint32_t name,
			uint32_t id, uint64_t size);
void graph_edge(struct graph *graph, enum edge_type type, uint32_t name,
		uint64_t to);
/* Where the edges of a node end. */
uint64_t graph_end(const struct graph *graph, uint64_t node);
void graph_free(struct graph *graph);

#endif
