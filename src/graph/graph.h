/*
 * The frozen graph: the blocks that no strong root reaches, as compressed rows.
 * scan.c fills it. components.c and findings.c read it and touch neither the
 * process nor the clock, so they are tested on graphs written by hand.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#define NODE_NONE UINT32_MAX
/* More nodes than this are refused: the other numbers serve as marks. */
#define NODES_MAX (UINT32_MAX / 4)

enum node_flag {
	NODE_SUSPECT = 1, /* a word that may be stale or chance reaches it */
	NODE_DEAD = 2,	  /* something points at it, but counts prove it dead */
	NODE_SELF = 4,	  /* counts a reference on itself */
	/* An object of a runtime. Its collector, which is on, sees it, and */
	NODE_PENDING = 8,   /* ... will free it when it runs next */
	NODE_KEPT = 16,	    /* ... will not */
	NODE_FOUND = 32,    /* links do not explain its whole count: words that
			       were found may */
	NODE_DECLARED = 64, /* a runtime has told its count */
	/* Live memory leads to it by words that may all be weak. Others of the
	 * kind hold it, and nothing else. Its count is of their words alone. */
	NODE_UNDECIDED = 128,
};

/* Blocks of one class that are lost alone: nothing else of the graph holds
 * them, and they hold nothing of it. Those that are nodes are not counted. */
struct lone {
	uint64_t bytes;
	uint32_t n;
	uint32_t shown; /* bits (lone.c): a suspect, or one that is none, is a
			   node */
};

/* A block of SIZE_LARGE bytes or more. */
#define SIZE_LARGE UINT32_MAX
struct graph_large {
	uint64_t size;
	uint32_t node;
};

struct graph;

/* Called for each word of a node: its number among all edges, where it stands
 * in the block, and how far into its target it leads; GRAPH_ALLOCATOR when it
 * is not the program's. */
#define GRAPH_ALLOCATOR UINT64_MAX
typedef void graph_word_fn(uint32_t e, uint64_t offset, uint64_t inside,
			   void *data);
/* Calls visit for the words of a node, in order of their edges. */
typedef void graph_words_fn(const struct graph *graph, uint32_t node,
			    graph_word_fn *visit, void *data);

struct graph {
	uint32_t n; /* nodes, in order of address */
	const uint32_t
		*row; /* n + 1: the edges of i are to[row[i]..row[i+1]) */
	const uint32_t
		*to; /* one entry a word, in order of its offset, then one for
			each half that leads somewhere. A target may stand
			several times, and may be the node itself */
	uint32_t *room; /* `to` again, when it is of arena_map() and has room
			   for n + 1 more. components_find() may write there,
			   gives the extra room back, and leaves the edges as
			   they were. Or NULL */
	const uint32_t *size;		 /* see graph_size() */
	const struct graph_large *large; /* in order of node */
	const uint32_t *class; /* by allocation stack: 0..classes-1, in the
				  order in which they first appeared */
	const uint8_t *epoch;  /* scan epoch of the allocation, saturating */
	const uint8_t *flags;  /* enum node_flag */
	uint32_t classes;
	const uint64_t *class_hash; /* the same from run to run; classes may
				       share one */
	const struct lone
		*lone; /* by class; NULL: none. When a class has some, its nodes
			  are alone, too, and no more suspect than they */
	/* What macros told; NULL where there are none. */
	const int64_t *count;  /* references counted on a node, or -1 */
	const uint8_t *back;   /* of an edge: a field with a back pointer's
				  name holds it */
	const uint64_t *since; /* of an edge: when it was linked, or 0 */
	const uint8_t *link;   /* of an edge: a runtime has declared it; NULL:
				  none has declared any */
	/* What words say is only asked of few. NULL: nothing, every edge is as
	 * good as any. */
	graph_words_fn *words;
	uint32_t asked; /* a node whose finding somebody wants to know, from 1;
			   0: none */
	const uint64_t *stale; /* bits of edges (bits_of_edges()): words that
				  findings_find() took for old ones; NULL: none,
				  or not known yet */
};

/* Bytes of an array of bits, one an edge and node: edge e of node i has the bit
 * e + i. */
static inline uint64_t bits_of_edges(const struct graph *graph)
{
	return ((graph->row[graph->n] + (uint64_t)graph->n) / 64 + 1) * 8;
}

static inline bool graph_is_stale(const struct graph *graph, uint32_t node,
				  uint32_t e)
{
	return graph->stale &&
	       graph->stale[(e + (uint64_t)node) / 64] >> (e + node) % 64 & 1;
}

/* Bytes asked for. */
static inline uint64_t graph_size(const struct graph *graph, uint32_t node)
{
	const struct graph_large *large = graph->large;

	if (graph->size[node] < SIZE_LARGE)
		return graph->size[node];
	while (large->node != node)
		large++;
	return large->size;
}

/* Most passes go over the edges in order and look at something of each target,
 * anywhere in memory. So the target that is some edges ahead is prefetched. */
#define EDGES_AHEAD 24

static inline void graph_ask(const struct graph *graph, const uint32_t *of_node,
			     uint32_t e)
{
	if (e + EDGES_AHEAD < graph->row[graph->n])
		__builtin_prefetch(&of_node[graph->to[e + EDGES_AHEAD]]);
}

#endif
