/*
 * See islands.h. What the roots reach is marked. The rest is walked twice
 * (Kosaraju 1978): in the order in which nodes are left for the last time,
 * turned round, the first that is not reached yet is a head.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "common/die.h"
#include "heap/graph.h"
#include "heap/image.h"
#include "heap/islands.h"

struct walk {
	const struct graph *graph;
	uint8_t *seen; /* by node */
	size_t n, room;
	struct place {
		uint32_t node;
		uint64_t edge;
	} * stack;
	size_t left_n;
	uint32_t *left; /* nodes, in the order in which they were left; or
			   NULL */
};

static void push(struct walk *walk, uint32_t node)
{
	if (walk->n == walk->room) {
		walk->room = walk->room ? 2 * walk->room : 4096;
		walk->stack =
			realloc(walk->stack, walk->room * sizeof(*walk->stack));
		if (!walk->stack)
			die(STATUS_FAILED, "out of memory");
	}
	walk->seen[node] = 1;
	walk->stack[walk->n++] =
		(struct place){node, walk->graph->nodes[node].first};
}

static void walk_from(struct walk *walk, uint32_t node)
{
	if (walk->seen[node])
		return;
	push(walk, node);
	while (walk->n) {
		struct place *place = &walk->stack[walk->n - 1];
		uint32_t to;

		if (place->edge == graph_end(walk->graph, place->node)) {
			if (walk->left)
				walk->left[walk->left_n++] = place->node;
			walk->n--;
			continue;
		}
		to = walk->graph->to[place->edge];
		if (walk->graph->type[place->edge++] & WORD_WEAK)
			continue;
		if (!walk->seen[to])
			push(walk, to);
	}
}

static void heads_find(struct walk *walk, uint64_t rest,
		       struct islands *islands)
{
	uint64_t nodes = walk->graph->nodes_n, i;
	uint8_t *reached = malloc(nodes);

	walk->left = malloc((rest + 1) * sizeof(*walk->left));
	islands->heads = malloc((rest + 1) * sizeof(*islands->heads));
	if (!reached || !walk->left || !islands->heads)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < nodes; i++)
		reached[i] = walk->seen[i];
	for (i = 1; i < nodes; i++)
		walk_from(walk, (uint32_t)i);
	free(walk->seen);
	walk->seen = reached;
	rest = walk->left_n;
	for (i = rest; i-- > 0;) {
		uint32_t *left = walk->left, head = left[i];

		if (reached[head])
			continue;
		islands->heads[islands->n++] = head;
		walk->left = NULL;
		walk_from(walk, head);
		walk->left = left;
	}
	free(walk->left);
}

struct islands islands_find(const struct image *image)
{
	struct walk walk = {.graph = &image->graph};
	struct islands islands = {0};
	uint64_t i, rest = 0;

	walk.seen = calloc(image->graph.nodes_n, 1);
	if (!walk.seen)
		die(STATUS_FAILED, "out of memory");
	walk.seen[0] = 1;
	for (i = 0; i < image->words_n; i++)
		walk_from(&walk, image->words[i].to);
	for (i = 0; i < image->graph.nodes_n; i++)
		rest += !walk.seen[i];
	if (rest)
		heads_find(&walk, rest, &islands);
	free(walk.seen);
	free(walk.stack);
	return islands;
}
