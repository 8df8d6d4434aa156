/*
 * Strongly connected components: Tarjan's depth-first search ("Depth-first
 * search and linear graph algorithms", 1972) in the form that Pearce gave it
 * ("A space-efficient algorithm for finding strongly connected components",
 * 2016, after Nuutila): one array holds first the visiting number of a node,
 * then the lowest that it leads to, at last its component; the nodes being
 * visited and those that wait for their component share one stack.
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

struct search {
	const struct graph *graph;
	struct components *out;
	uint32_t from, to; /* the edge passed over */
	uint32_t next;	   /* visiting number */
	uint32_t calls;	   /* stack[0..calls): the path being visited */
	uint32_t waiting;  /* stack[waiting..n): left, component still open */
};

int components_alloc(uint32_t n, struct arena *arena, struct components *out)
{
	if (n > NODES_MAX)
		return -ENOMEM;
	out->count = 0;
	out->component = arena_array(arena, n, sizeof(uint32_t));
	out->cursor = arena_array(arena, n, sizeof(uint32_t));
	out->stack = arena_array(arena, n, sizeof(uint32_t));
	out->lower = arena_array(arena, n, 1);
	if (!out->component || !out->cursor || !out->stack || !out->lower)
		return -ENOMEM;
	return 0;
}

static void node_enter(struct search *s, uint32_t v)
{
	s->out->component[v] = s->next++;
	s->out->cursor[v] = s->graph->row[v];
	s->out->lower[v] = 0;
	s->out->stack[s->calls++] = v;
}

/* v leads to w, which was visited before: v's number is the lower one of the
 * two. (That of a closed w is higher than any.) */
static void node_lower(struct components *out, uint32_t v, uint32_t w)
{
	if (out->component[w] >= out->component[v])
		return;
	out->component[v] = out->component[w];
	out->lower[v] = 1;
}

/* All that v leads to has been seen: either v waits for a node below it on
 * the path, or it and those that wait for it are a component. */
static void node_leave(struct search *s, uint32_t v)
{
	struct components *out = s->out;
	uint32_t number = out->component[v], closed = CLOSED - out->count;

	if (out->lower[v]) {
		out->stack[--s->waiting] = v;
		return;
	}
	while (s->waiting < s->graph->n &&
	       out->component[out->stack[s->waiting]] >= number) {
		out->component[out->stack[s->waiting++]] = closed;
		s->next--;
	}
	out->component[v] = closed;
	s->next--;
	out->count++;
}

/* All that root leads to has been visited. An edge to a node not visited yet
 * is looked at again after that visit. */
static void nodes_visit(struct search *s, uint32_t root)
{
	struct components *out = s->out;

	node_enter(s, root);
	while (s->calls) {
		uint32_t v = out->stack[s->calls - 1], w;

		if (out->cursor[v] == s->graph->row[v + 1]) {
			s->calls--;
			node_leave(s, v);
			continue;
		}
		w = s->graph->to[out->cursor[v]];
		if (v == s->from && w == s->to) {
			out->cursor[v]++;
		} else if (!out->component[w]) {
			node_enter(s, w);
		} else {
			node_lower(out, v, w);
			out->cursor[v]++;
		}
	}
}

void components_without(const struct graph *graph, uint32_t from, uint32_t to,
			struct components *out)
{
	struct search s = {.graph = graph,
			   .out = out,
			   .from = from,
			   .to = to,
			   .next = 1,
			   .waiting = graph->n};
	uint32_t i;

	out->count = 0;
	memset(out->component, 0, graph->n * sizeof(uint32_t));
	for (i = 0; i < graph->n; i++) {
		if (!out->component[i])
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
	return 0;
}

bool components_is_valid(const struct graph *graph,
			 const struct components *components)
{
	const uint32_t *component = components->component;
	uint32_t i, e, top = 0;

	for (i = 0; i < graph->n; i++) {
		if (component[i] >= components->count)
			return false;
		if (component[i] >= top)
			top = component[i] + 1;
		for (e = graph->row[i]; e < graph->row[i + 1]; e++) {
			if (component[graph->to[e]] > component[i])
				return false;
		}
	}
	return top == components->count;
}
