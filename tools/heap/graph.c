/*
 * See graph.h.
 */
#include <stdlib.h>

#include "common/die.h"
#include "heap/graph.h"
#include "heap/strings.h"

#define MOST 0xfffffff0u /* of nodes: their numbers are in 32 bits */

static void *grow(void *list, uint64_t room, size_t size)
{
	void *more = realloc(list, room * size);

	if (!more)
		die(STATUS_FAILED, "out of memory");
	return more;
}

struct node *graph_node(struct graph *graph, enum node_type type, uint32_t name,
			uint32_t id, uint64_t size)
{
	struct node *node;

	if (graph->nodes_n >= MOST)
		die(STATUS_FAILED, "there are too many blocks");
	if (graph->nodes_n == graph->nodes_room) {
		graph->nodes_room =
			graph->nodes_room ? graph->nodes_room * 3 / 2 : 4096;
		graph->nodes = grow(graph->nodes, graph->nodes_room,
				    sizeof(*graph->nodes));
	}
	node = &graph->nodes[graph->nodes_n++];
	*node = (struct node){
		.name = name,
		.id = id,
		.size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size,
		.type = type,
		.first = graph->edges_n,
	};
	return node;
}

void graph_edge(struct graph *graph, enum edge_type type, uint32_t name,
		uint64_t to)
{
	uint64_t room = graph->edges_room;

	if (graph->edges_n == room) {
		room = room ? room * 3 / 2 : 4096;
		graph->to = grow(graph->to, room, sizeof(*graph->to));
		graph->name = grow(graph->name, room, sizeof(*graph->name));
		graph->type = grow(graph->type, room, 1);
		graph->edges_room = room;
	}
	graph->to[graph->edges_n] = (uint32_t)to;
	graph->name[graph->edges_n] = name;
	graph->type[graph->edges_n++] = (uint8_t)type;
}

uint64_t graph_end(const struct graph *graph, uint64_t node)
{
	return node + 1 < graph->nodes_n ? graph->nodes[node + 1].first
					 : graph->edges_n;
}

void graph_free(struct graph *graph)
{
	free(graph->nodes);
	free(graph->to);
	free(graph->name);
	free(graph->type);
	strings_free(&graph->strings);
}
