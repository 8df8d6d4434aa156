/*
 * One instance as a graph of its own, and the order in which it is drawn.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "graph/components.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/sample.h"

/* Steps that the search for a better path may take once it has one. Of a larger
 * instance too little is shown to try. */
#define ORDER_STEPS 8192u
#define ORDER_NODES 512u

int sample_alloc(uint32_t nodes, uint32_t edges, struct arena *arena,
		 struct sample *out)
{
	memset(out, 0, sizeof(*out));
	out->row = arena_array(arena, (size_t)nodes + 1, sizeof(uint32_t));
	out->from = arena_array(arena, edges, sizeof(uint32_t));
	out->to = arena_array(arena, edges, sizeof(uint32_t));
	out->word = arena_array(arena, edges, sizeof(uint32_t));
	out->seen = arena_array(arena, nodes, sizeof(uint32_t));
	out->path = arena_array(arena, nodes, sizeof(uint32_t));
	out->cursor = arena_array(arena, nodes, sizeof(uint32_t));
	out->order = arena_array(arena, nodes, sizeof(uint32_t));
	out->placed = arena_array(arena, nodes, 1);
	if (!out->row || !out->from || !out->to || !out->word || !out->seen ||
	    !out->path || !out->cursor || !out->order || !out->placed)
		return -ENOMEM;
	return components_alloc(nodes, edges, arena, &out->components);
}

/* Of two words that make one edge, cut a back pointer first, then the one that
 * was linked last. */
static bool word_before(const struct graph *graph, uint32_t e, uint32_t f)
{
	if (graph->back && graph->back[e] != graph->back[f])
		return graph->back[e];
	return graph->since && graph->since[e] > graph->since[f];
}

/* Adds an edge: word e of member i leads to that place. seen[place] is one more
 * than the last edge to it, which may be another member's. */
static void edge_add(struct sample *s, const struct graph *graph, uint32_t i,
		     uint32_t place, uint32_t e, uint32_t *edges)
{
	uint32_t last = s->seen[place];

	if (last > s->row[i]) {
		if (word_before(graph, e, s->word[last - 1]))
			s->word[last - 1] = e;
		return;
	}
	s->from[*edges] = i;
	s->to[*edges] = place;
	s->word[*edges] = e;
	s->seen[place] = ++*edges;
}

/* The place of a node among the members. */
static uint32_t place_of(const struct sample *s, uint32_t node)
{
	uint32_t low = 0, high = s->graph.n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (s->node[mid] < node)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void sample_fill(const struct instances *instances, uint32_t instance,
		 struct sample *out)
{
	const struct graph *graph = instances->graph;
	uint32_t i, e, n = instance_members(instances, instance), edges = 0;

	out->node = instance_member(instances, instance);
	out->graph = (struct graph){.n = n, .row = out->row, .to = out->to};
	memset(out->seen, 0, n * sizeof(uint32_t));
	for (i = 0; i < n; i++) {
		uint32_t node = out->node[i];

		out->row[i] = edges;
		for (e = graph->row[node]; e < graph->row[node + 1]; e++) {
			uint32_t to = graph->to[e];

			if ((to != node || n == 1) &&
			    edge_stays(instances, node, e))
				edge_add(out, graph, i, place_of(out, to), e,
					 &edges);
		}
	}
	out->row[n] = edges;
}

static bool edge_exists(const struct sample *s, uint32_t from, uint32_t to)
{
	uint32_t e;

	for (e = s->row[from]; e < s->row[from + 1]; e++) {
		if (s->to[e] == to)
			return true;
	}
	return false;
}

/* The next node after the path's last one that is not on the path yet, or
 * NODE_NONE. */
static uint32_t path_next(struct sample *s, uint32_t at, uint32_t *steps)
{
	while (s->cursor[at] < s->row[at + 1]) {
		uint32_t to = s->to[s->cursor[at]++];

		++*steps;
		if (!s->placed[to])
			return to;
	}
	return NODE_NONE;
}

static void path_push(struct sample *s, uint32_t *n, uint32_t node)
{
	s->path[(*n)++] = node;
	s->placed[node] = 1;
	s->cursor[node] = s->row[node];
}

/* How good a whole path is: its length, then how it ends. */
static uint64_t path_worth(const struct sample *s, uint32_t n, uint32_t last)
{
	uint32_t end = s->path[n - 1];

	return (uint64_t)n * 4 + (end == last ? 2 : 0) +
	       (edge_exists(s, end, s->path[0]) ? 1 : 0);
}

/*
 * Puts the best path from start that was found at the beginning of order. The
 * first try always takes the first edge that leads on, which draws a plain ring
 * as it is. Other tries follow while there are steps. Returns the path's
 * length.
 */
static uint32_t path_find(struct sample *s, uint32_t start, uint32_t last)
{
	uint64_t best = 0, perfect = (uint64_t)s->graph.n * 4 + 3;
	uint32_t n = 0, steps = 0, length = 0, limit = 0, next;

	path_push(s, &n, start);
	while (n && (!best || steps < limit)) {
		bool ends = s->cursor[s->path[n - 1]] == s->row[s->path[n - 1]];

		next = path_next(s, s->path[n - 1], &steps);
		if (next != NODE_NONE) {
			path_push(s, &n, next);
			continue;
		}
		/* Only an end from which the path has not gone on makes a new
		 * path. */
		if (ends && path_worth(s, n, last) > best) {
			best = path_worth(s, n, last);
			length = n;
			memcpy(s->order, s->path, n * sizeof(uint32_t));
			if (best == perfect)
				break;
		}
		if (s->graph.n > ORDER_NODES)
			break;
		if (!limit)
			limit = steps + ORDER_STEPS;
		s->placed[s->path[--n]] = 0;
	}
	return length;
}

const uint32_t *sample_order(struct sample *sample, uint32_t start,
			     uint32_t last)
{
	struct sample *s = sample;
	uint32_t i, n, at, next, total, steps = 0;

	memset(s->placed, 0, s->graph.n);
	total = n = path_find(s, start, last);
	memset(s->placed, 0, s->graph.n);
	for (i = 0; i < n; i++) {
		at = s->path[i] = s->order[i];
		s->placed[at] = 1;
		s->cursor[at] = s->row[at];
	}
	/* The rest hangs on the path's members: chains of what leads on, from
	 * the last member to the first. */
	while (n) {
		next = path_next(s, s->path[n - 1], &steps);
		if (next == NODE_NONE) {
			n--;
			continue;
		}
		path_push(s, &n, next);
		s->order[total++] = next;
	}
	return s->order;
}

struct step {
	uint32_t node, next;
};

static bool list_has(const uint32_t *nodes, uint32_t n, uint32_t node)
{
	while (n--) {
		if (nodes[n] == node)
			return true;
	}
	return false;
}

/* The next node of the step's component that was not met yet, or NODE_NONE. */
static uint32_t walk_next(const struct instances *instances, struct step *step,
			  const uint32_t *met, uint32_t met_n)
{
	const struct graph *graph = instances->graph;

	while (step->next < graph->row[step->node + 1]) {
		uint32_t e = step->next++, to = graph->to[e];

		if (edge_stays(instances, step->node, e) &&
		    !list_has(met, met_n, to))
			return to;
	}
	return NODE_NONE;
}

uint32_t sample_walk(const struct instances *instances, uint32_t from,
		     uint32_t to, uint32_t *nodes)
{
	/* `from` is met, but it is the first already */
	struct step path[FINDING_MEMBERS_MAX + 1];
	uint32_t met[FINDING_MEMBERS_MAX + 1];
	uint32_t n = 0, met_n = 0, shown = 0, next = to;

	nodes[shown++] = from;
	for (;;) {
		if (next == NODE_NONE) {
			if (!--n)
				return shown;
		} else {
			met[met_n++] = next;
			if (next != from)
				nodes[shown++] = next;
			if (shown == FINDING_MEMBERS_MAX)
				return shown;
			path[n++] = (struct step){next,
						  instances->graph->row[next]};
		}
		next = walk_next(instances, &path[n - 1], met, met_n);
	}
}

#ifdef GORDIAN_DEBUG
#define EDGES_LOOKED_AT 1000 /* of a node */

bool sample_is_valid(const struct sample *s)
{
	uint32_t i, e, k;

	for (i = 0; i < s->graph.n; i++) {
		if (s->row[i] > s->row[i + 1])
			return false;
		if (s->row[i + 1] - s->row[i] > EDGES_LOOKED_AT)
			continue; /* the square of that number would take too
				     long */
		for (e = s->row[i]; e < s->row[i + 1]; e++) {
			if (s->from[e] != i || s->to[e] >= s->graph.n ||
			    (s->to[e] == i && s->graph.n > 1))
				return false;
			for (k = s->row[i]; k < e; k++) {
				if (s->to[k] == s->to[e])
					return false;
			}
		}
	}
	return true;
}
#endif
