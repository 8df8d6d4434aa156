/*
 * Strongly connected components: Tarjan's depth-first search ("Depth-first
 * search and linear graph algorithms", 1972) in the form that Pearce gave it
 * ("A space-efficient algorithm for finding strongly connected components",
 * 2016, after Nuutila): one array holds first the visiting number of a node,
 * then the lowest that it leads to, at last its component. The nodes being
 * visited grow from one end of a second array, those that wait for their
 * component from the other.
 *
 * Runs in the snapshot child. No locks, no recursion: a heap sizes the input.
 */
#include <errno.h>
#include <string.h>
#include "cycle.h"

/*
 * component[v] while the search runs: 0 when it was not visited, a visiting
 * number from 1 when it is open, and CLOSED - its component when it is done.
 * Open numbers never reach the closed ones: there are at most NODES_MAX.
 */
#define CLOSED UINT32_MAX
#define IS_CLOSED(number) ((number) > NODES_MAX)

/* Set in a step's node: it is no root of its component. */
#define LOWER (1u << 31)

struct component_step {
	uint32_t node;
	uint32_t next; /* edge to look at */
};

struct search {
	const struct graph *graph;
	struct components *out;
	uint32_t from, to;	    /* the edge passed over */
	uint32_t number;	    /* visiting number */
	struct component_step *top; /* of the path; below its first: none */
	uint32_t *waiting, *end;    /* left, component still open */
};

int components_alloc(uint32_t n, struct arena *arena, struct components *out)
{
	if (n > NODES_MAX)
		return -ENOMEM;
	if (!out->alone)
		out->nodes = n;
	out->component = arena_array(arena, n, sizeof(uint32_t));
	out->path =
		arena_array(arena, (size_t)out->nodes + 1, sizeof(*out->path));
	return out->component && out->path ? 0 : -ENOMEM;
}

void components_settle(struct components *out)
{
	arena_release(out->path, (size_t)out->nodes + 1, sizeof(*out->path));
	out->path = NULL;
}

/* What it leads to is asked for now: it is looked at next. */
static void node_enter(struct search *s, uint32_t v)
{
	const uint32_t *component = s->out->component;
	uint32_t e = s->graph->row[v], end = s->graph->row[v + 1];

	s->out->component[v] = s->number++;
	*++s->top = (struct component_step){v, e};
	for (end = end < e + 8 ? end : e + 8; e < end; e++) {
		__builtin_prefetch(&component[s->graph->to[e]]);
		__builtin_prefetch(&s->graph->row[s->graph->to[e]]);
	}
}

/* All that v leads to has been seen: either v waits for a node below it on
 * the path, or it and those that wait for it are a component. */
static void node_leave(struct search *s)
{
	struct components *out = s->out;
	uint32_t v = s->top->node, closed = CLOSED - out->count, number;

	s->top--;
	if (v & LOWER) {
		*--s->waiting = v & ~LOWER;
		return;
	}
	number = out->component[v];
	while (s->waiting < s->end && out->component[*s->waiting] >= number) {
		out->component[*s->waiting++] = closed;
		s->number--;
	}
	out->component[v] = closed;
	s->number--;
	out->count++;
}

/* v leads to w, which was visited before: v's number is the lower one of the
 * two. One that is closed is of another component. */
static void edge_seen(struct search *s, uint32_t v, uint32_t e, uint32_t number)
{
	uint32_t *component = s->out->component;

	if (IS_CLOSED(number)) {
		if (s->out->held)
			bit_set(s->out->held, CLOSED - number);
		if (s->out->cross)
			bit_set(s->out->cross, e);
	} else if (number < component[v]) {
		component[v] = number;
		s->top->node |= LOWER;
	}
}

/* All that root leads to has been visited. An edge to a node not visited yet
 * is looked at again after that visit. */
static void nodes_visit(struct search *s, uint32_t root)
{
	const struct graph *graph = s->graph;
	const uint32_t *component = s->out->component;
	const struct component_step *bottom = s->top;

	node_enter(s, root);
	while (s->top != bottom) {
		uint32_t v = s->top->node & ~LOWER, w = NODE_NONE;
		uint32_t e = s->top->next, end = graph->row[v + 1];

		for (; e < end; e++) {
			w = graph->to[e];
			if (v == s->from && w == s->to)
				continue;
			if (!component[w])
				break;
			edge_seen(s, v, e, component[w]);
		}
		s->top->next = e;
		if (e == end)
			node_leave(s);
		else
			node_enter(s, w);
	}
}

void components_without(const struct graph *graph, uint32_t from, uint32_t to,
			struct components *out)
{
	uint32_t *end = (uint32_t *)(out->path + out->nodes + 1);
	struct search s = {.graph = graph,
			   .out = out,
			   .from = from,
			   .to = to,
			   .number = 1,
			   .top = out->path,
			   .waiting = end,
			   .end = end};
	uint32_t i;

	out->count = 0;
	memset(out->component, 0, graph->n * sizeof(uint32_t));
	for (i = 0; i < graph->n; i++) {
		if (!out->component[i] &&
		    !(out->alone && bit_is_set(out->alone, i)))
			nodes_visit(&s, i);
	}
	for (i = 0; i < graph->n; i++)
		out->component[i] = CLOSED - out->component[i];
}

int components_find(const struct graph *graph, struct arena *arena,
		    struct components *out)
{
	int err = components_alloc(graph->n, arena, out);

	if (err)
		return err;
	components_without(graph, NODE_NONE, NODE_NONE, out);
	components_settle(out);
	return 0;
}

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
			if (component[graph->to[e]] > component[i] ||
			    (alone && graph->to[e] != i))
				return false;
		}
	}
	return top == components->count;
}
