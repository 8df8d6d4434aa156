/*
 * See closed.h. All references that the ring's objects count have to be its own
 * edges: also one that was passed over as an old word may hold it.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/bits.h"
#include "graph/closed.h"
#include "graph/finding.h"
#include "graph/folding.h"
#include "graph/graph.h"
#include "graph/instance.h"

static bool is_undecided(const struct folding *f, uint32_t instance)
{
	uint32_t node = *instance_member(&f->instances, instance);

	return f->instances.graph->flags[node] & NODE_UNDECIDED;
}

/* words: how many references to each node are edges of its component. */
static bool is_closed(const struct folding *f, uint32_t instance,
		      const uint32_t *words)
{
	const uint32_t *member = instance_member(&f->instances, instance);
	const int64_t *count = f->instances.graph->count;
	uint32_t i, n = instance_members(&f->instances, instance);

	if (instance_kind(&f->instances, instance) != FINDING_CYCLE ||
	    f->forest.parent[instance] != NODE_NONE)
		return false;
	for (i = 0; i < n; i++)
		if (count[member[i]] >= 0 &&
		    count[member[i]] != words[member[i]])
			return false;
	return true;
}

struct counting {
	const struct instances *instances;
	uint32_t node;
	uint32_t *words;
};

/* References have the address of their block. */
static void visit_word(uint32_t e, uint64_t offset, uint64_t inside, void *data)
{
	const struct counting *c = data;

	(void)offset;
	if (!inside && edge_stays(c->instances, c->node, e))
		c->words[c->instances->graph->to[e]]++;
}

static void words_count(const struct instances *in, uint32_t *words)
{
	const struct graph *graph = in->graph;
	struct counting c = {in, 0, words};

	for (; c.node < graph->n; c.node++)
		if (graph->flags[c.node] & NODE_UNDECIDED)
			graph->words(graph, c.node, visit_word, &c);
}

static bool any_undecided(const struct folding *f)
{
	uint32_t i;

	for (i = 0; f->instances.graph->words && i < f->instances.n; i++)
		if (is_undecided(f, i))
			return true;
	return false;
}

int closed_find(struct folding *f)
{
	uint32_t i, n = f->instances.graph->n, *words;

	if (!any_undecided(f))
		return 0;
	words = arena_array(f->arena, n, sizeof(*words));
	f->open = arena_array(f->arena, f->instances.n / 64 + 1, 8);
	if (!words || !f->open)
		return -ENOMEM;
	words_count(&f->instances, words);
	for (i = 0; i < f->instances.n; i++)
		if (is_undecided(f, i) && !is_closed(f, i, words))
			bit_set(f->open, i);
	arena_release(words, n, sizeof(*words));
	return 0;
}
