/*
 * Which components of the graph leak on their own account: the cycles, and
 * the blocks that no other one holds.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include <string.h>
#include "instance.h"

static int arrays_alloc(struct instances *out, struct arena *arena)
{
	uint32_t n = out->graph->n, count = out->components.count;

	out->row = arena_array(arena, (size_t)count + 1, sizeof(uint32_t));
	out->member = arena_array(arena, n, sizeof(uint32_t));
	out->place = arena_array(arena, n, sizeof(uint32_t));
	out->component = arena_array(arena, count, sizeof(uint32_t));
	out->of_component = arena_array(arena, count, sizeof(uint32_t));
	if (!out->row || !out->member || !out->place || !out->component ||
	    !out->of_component)
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

/* Every component of two or more, and every one that is not held, is an
 * instance; no other is. of_component says which. */
static void instances_number(struct instances *out)
{
	uint32_t i, c;

	for (c = 0; c < out->components.count; c++) {
		bool held = out->of_component[c];

		if (held && out->row[c + 1] - out->row[c] == 1)
			out->of_component[c] = NODE_NONE;
	}
	for (i = 0; i < out->graph->n; i++) {
		c = out->components.component[i];
		if (out->place[i] || out->of_component[c] == NODE_NONE)
			continue;
		out->component[out->n] = c;
		out->of_component[c] = out->n++;
	}
}

int instances_find(const struct graph *graph, struct arena *arena,
		   struct instances *out)
{
	int err;

	memset(out, 0, sizeof(*out));
	out->graph = graph;
	err = components_find(graph, arena, &out->components);
	if (err)
		return err;
	err = arrays_alloc(out, arena);
	if (err)
		return err;
	members_sort(out);
	held_mark(out);
	instances_number(out);
	return 0;
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
		if (instances->of_component[instances->component[i]] != i)
			return false;
		if (i && instance_member(instances, i)[0] <=
				 instance_member(instances, i - 1)[0])
			return false;
	}
	return true;
}
