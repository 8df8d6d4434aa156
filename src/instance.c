/*
 * Which components of the graph leak on their own account: the cycles, the
 * objects that count more references than there are, and the blocks that no
 * other one holds.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include <string.h>
#include "instance.h"

static int arrays_alloc(struct instances *out, struct arena *arena)
{
	uint32_t n = out->graph->n, count = out->components.count;
	/* each object may be an excess, each component one more */
	size_t most = (size_t)count + (out->graph->count ? n : 0);

	out->row = arena_array(arena, (size_t)count + 1, sizeof(uint32_t));
	out->member = arena_array(arena, n, sizeof(uint32_t));
	out->place = arena_array(arena, n, sizeof(uint32_t));
	out->component = arena_array(arena, most, sizeof(uint32_t));
	out->head = arena_array(arena, most, sizeof(uint32_t));
	out->of_component = arena_array(arena, count, sizeof(uint32_t));
	if (!out->row || !out->member || !out->place || !out->component ||
	    !out->head || !out->of_component)
		return -ENOMEM;
	return 0;
}

/* row, member and place are filled: a counting sort by component. */
static void members_sort(struct instances *out)
{
	const uint32_t *component = out->components.component;
	uint32_t i, c, total = 0, size;

	for (i = 0; i < out->graph->n; i++)
		out->place[i] = out->row[component[i]]++;
	for (c = 0; c < out->components.count; c++) {
		size = out->row[c];
		out->row[c] = total;
		total += size;
	}
	out->row[c] = total;
	for (i = 0; i < out->graph->n; i++)
		out->member[out->row[component[i]] + out->place[i]] = i;
}

/* of_component[c] is 1 where another component holds c, else 0. */
static void held_mark(struct instances *out)
{
	const struct graph *graph = out->graph;
	const uint32_t *component = out->components.component;
	uint32_t i, e;

	for (i = 0; i < graph->n; i++) {
		for (e = graph->row[i]; e < graph->row[i + 1]; e++) {
			uint32_t c = component[graph->to[e]];

			if (c != component[i])
				out->of_component[c] = 1;
		}
	}
}

/* excess[i] is set where more references are counted than words are found
 * that could be one. NULL, and no error, when nothing is counted. */
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
	return 0;
}

static void instance_add(struct instances *out, uint32_t c, uint32_t head)
{
	out->component[out->n] = c;
	out->head[out->n] = head;
	out->of_component[c] = out->n++;
}

/* Every excess object, every cycle, and what is neither but held by none, is
 * an instance; no other block is. of_component says which. */
static void instances_number(struct instances *out, const bool *excess)
{
	uint32_t i, k, c;

	for (i = 0; i < out->graph->n; i++) {
		bool held;

		if (out->place[i])
			continue;
		c = out->components.component[i];
		held = out->of_component[c];
		out->of_component[c] = NODE_NONE;
		for (k = out->row[c]; excess && k < out->row[c + 1]; k++) {
			if (excess[out->member[k]])
				instance_add(out, c, out->member[k]);
		}
		if (component_is_cycle(out, c) ||
		    (!held && out->of_component[c] == NODE_NONE))
			instance_add(out, c, NODE_NONE);
	}
}

int instances_find(const struct graph *graph, struct arena *arena,
		   struct instances *out)
{
	bool *excess;
	int err;

	memset(out, 0, sizeof(*out));
	out->graph = graph;
	err = components_find(graph, arena, &out->components);
	if (err)
		return err;
	err = excess_find(graph, arena, &excess);
	if (!err)
		err = arrays_alloc(out, arena);
	if (err)
		return err;
	members_sort(out);
	held_mark(out);
	instances_number(out, excess);
	return 0;
}

/* After instance i - 1 comes i: of a component further on, or of the same. */
static bool order_is_valid(const struct instances *in, uint32_t i)
{
	uint32_t a = in->component[i - 1], b = in->component[i];

	if (a != b)
		return in->of_component[a] == i - 1 &&
		       in->member[in->row[a]] < in->member[in->row[b]];
	return in->head[i - 1] < in->head[i]; /* NODE_NONE is the last */
}

static bool instance_is_valid(const struct instances *in, uint32_t i)
{
	uint32_t c = in->component[i], head = in->head[i];

	if (in->of_component[c] < i || in->of_component[c] >= in->n ||
	    in->component[in->of_component[c]] != c)
		return false;
	if (head == NODE_NONE)
		return in->of_component[c] == i;
	return in->components.component[head] == c &&
	       (in->of_component[c] != i || !component_is_cycle(in, c));
}

bool instances_is_valid(const struct instances *instances)
{
	const uint32_t *component = instances->components.component;
	uint32_t i, c;

	if (!components_is_valid(instances->graph, &instances->components))
		return false;
	for (i = 0; i < instances->graph->n; i++) {
		c = component[i];
		if (instances->member[instances->row[c] +
				      instances->place[i]] != i)
			return false;
	}
	for (i = 0; i < instances->n; i++) {
		if (!instance_is_valid(instances, i) ||
		    (i && !order_is_valid(instances, i)))
			return false;
	}
	return true;
}
