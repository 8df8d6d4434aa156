/*
 * Strongly connected components: Tarjan's depth-first search ("Depth-first
 * search and linear graph algorithms", 1972) in Pearce's form ("A
 * space-efficient algorithm for finding strongly connected components", 2016,
 * after Nuutila). One number of a node is first its visiting number, then the
 * lowest number that it leads to, at last its component. The nodes under visit
 * grow from one end of an array, those that wait for their component from the
 * other.
 *
 * A search jumps about in memory, so all that a visit looks at stands together.
 * A node has a record: its head, which is the number, and the places of the
 * records to which it leads. That is one wait for memory a visit instead of two
 * or three. Where the graph has room behind its edges, the edges become the
 * records, and are edges again in the end.
 *
 * Runs in the snapshot child. No locks, no recursion: a heap sizes the input.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/bits.h"
#include "base/debug.h"
#include "graph/components.h"
#include "graph/graph.h"

/* Set in every head, and in no place. */
#define HEAD (1u << 31)

/*
 * A head's number: 0 when the node was not visited, a visiting number from 1 on
 * while it is open, CLOSED - its component when it is done. Open numbers never
 * reach closed ones, since there are at most NODES_MAX.
 */
#define CLOSED (HEAD - 1)
#define IS_CLOSED(number) ((number) > NODES_MAX)

/* Set in a step's node: it is no root of its component. */
#define LOWER (1u << 31)

/* Places in the records. */
struct component_step {
	uint32_t node;
	uint32_t next; /* to look at */
};

struct search {
	uint32_t *record;
	uint64_t *held, *cross;
	uint32_t count;		    /* components */
	uint32_t number;	    /* visiting number */
	struct component_step *top; /* of the path; one below the first step
				       when it is empty */
	uint32_t *waiting,
		*end; /* nodes that were left while their component is open */
};

static inline uint32_t place_of(const struct graph *graph, uint32_t node)
{
	return graph->row[node] + node;
}

/* Fills the records from the last to the first, since edges and records may be
 * the same memory. The edge from→to and stale ones are turned into such of a
 * node to itself. */
static void records_lay(const struct graph *graph, uint32_t from, uint32_t to,
			const uint64_t *stale, uint32_t *record)
{
	uint32_t v = graph->n, e = graph->row[v], w;

	record[place_of(graph, v)] = HEAD;
	while (v--) {
		while (e > graph->row[v]) {
			w = graph->to[--e];
			if (e >= EDGES_AHEAD)
				__builtin_prefetch(
					&graph->row[graph->to[e -
							      EDGES_AHEAD]]);
			if ((v == from && w == to) ||
			    (stale && bit_is_set(stale, e + v)))
				w = v;
			record[e + v + 1] = place_of(graph, w);
		}
		record[e + v] = HEAD;
	}
}

/* What the node leads to is asked for now, since it is looked at next. */
static inline void node_enter(struct search *s, uint32_t v)
{
	const uint32_t *record = s->record;
	uint32_t e = v + 1, end = v + 9;

	s->record[v] = HEAD | s->number++;
	*++s->top = (struct component_step){v, e};
	for (; e < end && !(record[e] & HEAD); e++)
		__builtin_prefetch(&record[record[e]]);
}

/* All that v leads to has been seen. Either v waits for a node below it on the
 * path, or v and those that wait for it are a component. */
static inline void node_leave(struct search *s)
{
	uint32_t *record = s->record;
	uint32_t v = s->top->node, closed = HEAD | (CLOSED - s->count), number;

	s->top--;
	if (v & LOWER) {
		*--s->waiting = v & ~LOWER;
		return;
	}
	number = record[v];
	while (s->waiting < s->end && record[*s->waiting] >= number) {
		if (s->end - s->waiting > 16)
			__builtin_prefetch(&record[s->waiting[16]]);
		record[*s->waiting++] = closed;
		s->number--;
	}
	record[v] = closed;
	s->number--;
	s->count++;
}

/* The entry `at` of v's record leads to a node that was visited before. v's
 * number becomes the lower one of the two. A closed node is of another
 * component. */
static inline void edge_seen(struct search *s, uint32_t v, uint32_t at,
			     uint32_t number)
{
	if (!IS_CLOSED(number)) {
		if ((number | HEAD) >= s->record[v])
			return;
		s->record[v] = number | HEAD;
		s->top->node |= LOWER;
	} else if (s->cross) {
		bit_set(s->held, CLOSED - number);
		bit_set(s->cross, at - 1);
	}
}

/* Visits all that root leads to. An edge to a node that was not visited yet is
 * looked at again after that visit. */
static void nodes_visit(struct search *s, uint32_t root)
{
	const struct component_step *bottom = s->top;
	const uint32_t *record = s->record;

	node_enter(s, root);
	while (s->top != bottom) {
		uint32_t v = s->top->node & ~LOWER, at = s->top->next, w;

		for (; !((w = record[at]) & HEAD); at++) {
			uint32_t number = record[w] & ~HEAD;

			if (!number)
				break;
			edge_seen(s, v, at, number);
		}
		s->top->next = at;
		if (w & HEAD)
			node_leave(s);
		else
			node_enter(s, w);
	}
}

static void nodes_search(const struct graph *graph, uint32_t *record,
			 struct components *out)
{
	uint32_t *end = (uint32_t *)(out->path + out->nodes + 1);
	struct search s = {.record = record,
			   .held = out->held,
			   .cross = out->cross,
			   .number = 1,
			   .top = out->path,
			   .waiting = end,
			   .end = end};
	uint32_t i;

	for (i = 0; i < graph->n; i++) {
		if (record[place_of(graph, i)] == HEAD &&
		    !(out->alone && bit_is_set(out->alone, i)))
			nodes_visit(&s, place_of(graph, i));
	}
	out->count = s.count;
}

static void components_fill(const struct graph *graph, const uint32_t *record,
			    struct components *out)
{
	uint32_t i;

	for (i = 0; i < graph->n; i++) {
		uint32_t number = record[place_of(graph, i)] & ~HEAD;

		out->component[i] = number ? CLOSED - number : NODE_NONE;
	}
}

/* Finds nodes by their places: a bit for each place that is a node's, and how
 * many come before each 64 places. */
struct ranks {
	uint64_t bits;
	uint64_t before;
};

static uint32_t node_of(const struct ranks *ranks, uint32_t place)
{
	const struct ranks *at = &ranks[place / 64];

	return at->before + count_bits(at->bits & ((1ul << place % 64) - 1));
}

static void ranks_fill(const struct graph *graph, struct ranks *ranks)
{
	uint32_t v, i, end = place_of(graph, graph->n);

	for (v = 0; v < graph->n; v++) {
		uint32_t place = place_of(graph, v);

		ranks[place / 64].bits |= 1ul << place % 64;
	}
	for (i = 0; i < end / 64; i++)
		ranks[i + 1].before =
			ranks[i].before + count_bits(ranks[i].bits);
}

/* Turns the records back into the graph's edges. */
static int records_lift(const struct graph *graph, uint32_t *record,
			struct arena *arena)
{
	size_t n = place_of(graph, graph->n) / 64ul + 1;
	struct ranks *ranks = arena_array(arena, n, sizeof(*ranks));
	uint32_t v, e;

	if (!ranks)
		return -ENOMEM;
	ranks_fill(graph, ranks);
	for (v = 0; v < graph->n; v++) {
		for (e = graph->row[v]; e < graph->row[v + 1]; e++)
			record[e] = node_of(ranks, record[e + v + 1]);
	}
	arena_release(ranks, n, sizeof(*ranks));
	return 0;
}

static int path_alloc(uint32_t n, uint64_t edges, struct arena *arena,
		      struct components *out)
{
	if (n > NODES_MAX || n + edges >= HEAD)
		return -ENOMEM;
	if (!out->alone)
		out->nodes = n;
	out->path = arena_array(arena, out->nodes + 1ul, sizeof(*out->path));
	return out->path ? 0 : -ENOMEM;
}

int components_alloc(uint32_t n, uint32_t edges, struct arena *arena,
		     struct components *out)
{
	if (path_alloc(n, edges, arena, out))
		return -ENOMEM;
	out->component = arena_array(arena, n, sizeof(uint32_t));
	out->record = arena_array(arena, n + 1ul + edges, sizeof(*out->record));
	return out->component && out->record ? 0 : -ENOMEM;
}

void components_without(const struct graph *graph, uint32_t from, uint32_t to,
			struct components *out)
{
	records_lay(graph, from, to, NULL, out->record);
	nodes_search(graph, out->record, out);
	components_fill(graph, out->record, out);
}

/* The path's memory is given back before component takes memory. */
static int find_by(const struct graph *graph, uint32_t *record,
		   struct arena *arena, struct components *out)
{
	if (path_alloc(graph->n, graph->row[graph->n], arena, out))
		return -ENOMEM;
	records_lay(graph, NODE_NONE, NODE_NONE, out->stale, record);
	nodes_search(graph, record, out);
	arena_release(out->path, out->nodes + 1ul, sizeof(*out->path));
	out->path = NULL;
	out->component = arena_array(arena, graph->n, sizeof(uint32_t));
	if (!out->component)
		return -ENOMEM;
	components_fill(graph, record, out);
	return record == graph->to ? records_lift(graph, record, arena) : 0;
}

int components_find(const struct graph *graph, struct arena *arena,
		    struct components *out)
{
	uint32_t edges = graph->row[graph->n];
	size_t n = graph->n + 1ul + edges;
	uint32_t *record = graph->room;
	int err;

	if (!record)
		record = arena_array(arena, n, sizeof(*record));
	err = record ? find_by(graph, record, arena, out) : -ENOMEM;
	if (!graph->room)
		arena_release(record, n, sizeof(*record));
	else if (edges) /* a mapping that shrinks does not move */
		(void)!arena_resize(record, n * sizeof(*record),
				    edges * sizeof(*record));
	debug_check(err || components_is_valid(graph, out));
	return err;
}

uint64_t *components_large(const struct graph *graph,
			   const struct components *components,
			   struct arena *arena)
{
	size_t n = components->count / 64 + 1ul;
	uint64_t *met = arena_array(arena, n, 8);
	uint64_t *large = arena_array(arena, n, 8);
	uint32_t i;

	if (!met || !large)
		return NULL;
	for (i = 0; i < graph->n; i++) {
		uint32_t c = components->component[i];

		if (c == NODE_NONE)
			continue;
		if (bit_is_set(met, c))
			bit_set(large, c);
		bit_set(met, c);
	}
	arena_release(met, n, 8);
	return large;
}

#ifdef GORDIAN_DEBUG
bool components_is_valid(const struct graph *graph,
			 const struct components *components)
{
	const uint32_t *component = components->component;
	uint32_t i, e, top = 0;

	for (i = 0; i < graph->n; i++) {
		bool alone =
			components->alone && bit_is_set(components->alone, i);

		if (alone != (component[i] == NODE_NONE) ||
		    (!alone && component[i] >= components->count))
			return false;
		if (!alone && component[i] >= top)
			top = component[i] + 1;
		for (e = graph->row[i]; e < graph->row[i + 1]; e++) {
			if (components->stale &&
			    bit_is_set(components->stale, e + i))
				continue;
			if (component[graph->to[e]] > component[i] ||
			    (alone && graph->to[e] != i))
				return false;
		}
	}
	return top == components->count;
}
#endif
