/*
 * Which components of the graph leak on their own account: cycles, objects that
 * count more references than there are, and blocks that no other block holds.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/bits.h"
#include "base/list.h"
#include "graph/components.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/ranks.h"
#include "graph/stale.h"

/* Sets the bits of alone: nothing else leads to such a node, and it leads to
 * nothing else. */
static int alone_find(struct instances *out, struct arena *arena)
{
	const struct graph *graph = out->graph;
	uint64_t *alone = arena_array(arena, graph->n / 64 + 1, 8);
	uint32_t i, e, nodes = 0;

	if (!alone)
		return -ENOMEM;
	/* first: the nodes that have an edge from or to another */
	for (i = 0; i < graph->n; i++) {
		if (graph->flags[i] & (NODE_SELF | NODE_UNDECIDED) ||
		    (graph->count && graph->count[i] > 0))
			bit_set(alone, i);
		for (e = graph->row[i]; e < graph->row[i + 1]; e++) {
			if (graph->to[e] == i)
				continue;
			bit_set(alone, i);
			bit_set(alone, graph->to[e]);
		}
	}
	for (i = 0; i < graph->n; i++)
		nodes += bit_is_set(alone, i);
	for (i = 0; i <= graph->n / 64; i++)
		alone[i] = ~alone[i];
	out->components.alone = alone;
	out->components.nodes = nodes;
	return 0;
}

/* Fills member and begins: a counting sort by component. */
static int members_sort(struct instances *out, struct arena *arena)
{
	const uint32_t *component = out->components.component;
	uint32_t i, c, total = 0, size, count = out->components.count;
	uint32_t *at = arena_array(arena, (size_t)count + 1, sizeof(*at));

	out->member = arena_array(arena, (size_t)out->components.nodes + 1,
				  sizeof(uint32_t));
	out->begins = arena_array(arena, out->components.nodes / 64 + 1ul, 8);
	if (!at || !out->member || !out->begins)
		return -ENOMEM;
	for (i = 0; i < out->graph->n; i++) {
		if (component[i] != NODE_NONE)
			at[component[i]]++;
	}
	for (c = 0; c < count; c++) {
		size = at[c];
		at[c] = total;
		bit_set(out->begins, total);
		total += size;
	}
	bit_set(out->begins, total);
	for (i = 0; i < out->graph->n; i++) {
		if (component[i] != NODE_NONE)
			out->member[at[component[i]]++] = i;
	}
	/* Each entry is now where the next component begins. */
	out->owner = at;
	return 0;
}

/* Where component c begins in member, as members_sort() leaves it. */
static uint32_t first_of(const struct instances *out, uint32_t c)
{
	return c ? out->owner[c - 1] : 0;
}

/* Sets excess[i] where more references are counted than there are words that
 * could be one. NULL, and no error, when nothing is counted. */
static int excess_find(const struct graph *graph, struct arena *arena,
		       bool **excess)
{
	uint32_t *words, i, e;

	*excess = NULL;
	if (!graph->count)
		return 0;
	words = arena_array(arena, graph->n, sizeof(*words));
	*excess = arena_array(arena, graph->n, sizeof(**excess));
	if (!words || !*excess)
		return -ENOMEM;
	for (e = 0; e < graph->row[graph->n]; e++)
		words[graph->to[e]]++;
	for (i = 0; i < graph->n; i++)
		(*excess)[i] = graph->count[i] > words[i] &&
			       !(graph->flags[i] & NODE_SUSPECT);
	arena_release(words, graph->n, sizeof(*words));
	return 0;
}

static bool instance_add(struct instances *out, uint32_t first, uint32_t head)
{
	out->n++;
	return list_add(&out->firsts, &first, sizeof(first)) &&
	       (!out->graph->count ||
		list_add(&out->heads, &head, sizeof(head)));
}

/* Adds the instances of the component that begins there. */
static bool component_add(struct instances *out, uint32_t first, bool held,
			  const bool *excess)
{
	uint32_t k, n = out->n;
	uint32_t end = excess ? first + component_size(out, first) : first;

	for (k = first; k < end; k++) {
		if (excess[out->member[k]] &&
		    !instance_add(out, first, out->member[k]))
			return false;
	}
	if (component_is_cycle(out, first) || (!held && out->n == n))
		return instance_add(out, first, NODE_NONE);
	return true;
}

/* Numbers the instances: every excess object, every cycle, and every block that
 * is neither but is held by none. No other block is one. */
static int instances_number(struct instances *out, const bool *excess)
{
	const struct components *components = &out->components;
	uint32_t i, c, first;

	for (i = 0; i < out->graph->n; i++) {
		c = components->component[i];
		if (c == NODE_NONE)
			continue;
		first = first_of(out, c);
		if (out->member[first] == i &&
		    !component_add(out, first, bit_is_set(components->held, c),
				   excess))
			return -ENOMEM;
	}
	list_trim(&out->firsts, sizeof(uint32_t));
	list_trim(&out->heads, sizeof(uint32_t));
	out->first = out->firsts.list;
	out->head = out->heads.list;
	return 0;
}

/* Sets owner to the last instance of each component. */
static int owners_begin(struct instances *out, struct arena *arena)
{
	uint32_t i;

	out->own = arena_array(arena, out->components.count / 64 + 1, 8);
	if (!out->own)
		return -ENOMEM;
	memset(out->owner, 0xff, out->components.count * sizeof(uint32_t));
	for (i = 0; i < out->n; i++) {
		uint32_t c = instance_component(out, i);

		out->owner[c] = i;
		bit_set(out->own, c);
	}
	return 0;
}

static int components_hold(struct instances *out, struct arena *arena)
{
	out->components.held =
		arena_array(arena, out->components.nodes / 64 + 1, 8);
	out->components.cross =
		arena_array(arena, bits_of_edges(out->graph) / 8, 8);
	if (!out->components.held || !out->components.cross)
		return -ENOMEM;
	return components_find(out->graph, arena, &out->components);
}

/* Finds the components again, without the edges that are old words. */
static int stale_drop(struct instances *out, struct arena *arena)
{
	const struct graph *graph = out->graph;
	struct components *components = &out->components;
	struct graph again = *graph;
	uint64_t *stale;
	int err = stale_find(graph, &out->ranks, components, arena, &stale);

	if (err || !stale)
		return err;
	arena_release(components->component, graph->n, sizeof(uint32_t));
	memset(components->held, 0, (components->nodes / 64 + 1ul) * 8);
	memset(components->cross, 0, bits_of_edges(graph));
	components->stale = stale;
	again.room = NULL;
	return components_find(&again, arena, components);
}

int instances_find(const struct graph *graph, struct arena *arena,
		   struct instances *out)
{
	bool *excess = NULL;
	int err;

	memset(out, 0, sizeof(*out));
	out->graph = graph;
	err = graph->n > NODES_MAX ? -ENOMEM : alone_find(out, arena);
	if (!err)
		err = ranks_find(graph, arena, &out->ranks);
	if (!err)
		err = components_hold(out, arena);
	if (!err)
		err = stale_drop(out, arena);
	if (!err)
		err = excess_find(graph, arena, &excess);
	if (!err)
		err = members_sort(out, arena);
	if (!err)
		err = instances_number(out, excess);
	if (err)
		return err;
	arena_release(excess, graph->n, sizeof(*excess));
	return owners_begin(out, arena);
}

#ifdef GORDIAN_DEBUG
/* Whether instance i may follow i - 1: it is of a later component, or of the
 * same. */
static bool order_is_valid(const struct instances *in, uint32_t i)
{
	uint32_t a = instance_component(in, i - 1);

	if (a != instance_component(in, i))
		return in->owner[a] == i - 1 &&
		       in->member[in->first[i - 1]] < in->member[in->first[i]];
	/* NODE_NONE is the last */
	return instance_head(in, i - 1) < instance_head(in, i);
}

static bool instance_is_valid(const struct instances *in, uint32_t i)
{
	uint32_t c = instance_component(in, i), head = instance_head(in, i);

	if (in->owner[c] < i || in->owner[c] >= in->n || !owner_is_own(in, c))
		return false;
	if (head == NODE_NONE)
		return in->owner[c] == i;
	return in->components.component[head] == c &&
	       (in->owner[c] != i || !component_is_cycle(in, in->first[i]));
}

bool instances_is_valid(const struct instances *instances)
{
	const uint32_t *component = instances->components.component;
	const uint32_t *member = instances->member;
	uint32_t i;

	if (!components_is_valid(instances->graph, &instances->components))
		return false;
	for (i = 1; i < instances->components.nodes; i++) {
		uint32_t a = component[member[i - 1]], b = component[member[i]];

		if (a > b || (a == b && member[i - 1] >= member[i]))
			return false;
	}
	for (i = 0; i < instances->n; i++) {
		if (!instance_is_valid(instances, i) ||
		    (i && !order_is_valid(instances, i)))
			return false;
	}
	return true;
}
#endif
