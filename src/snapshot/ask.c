/*
 * See ask.h. Snapshot child only.
 */
#include <errno.h>
#include "base/arena.h"
#include "graph/components.h"
#include "graph/graph.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/nodes.h"
#include "scan/read.h"
#include "scan/scanned.h"
#include "snapshot/ask.h"
#include "snapshot/frozen.h"
#include "snapshot/shared.h"

static void answer(struct answers *answers, uintptr_t at, void (*clear)(void *))
{
	if (answers->n < ANSWERS)
		answers->list[answers->n] = (struct answer){at, clear};
	answers->n++;
}

struct referrers {
	struct answers *answers;
	uintptr_t to, last, from;
};

static void visit_word(uintptr_t at, uintptr_t word, void *data)
{
	struct referrers *r = data;

	(void)at;
	if (r->last == r->from || blocks_find(word) != r->to)
		return;
	r->last = r->from; /* each block once */
	answer(r->answers, r->from, NULL);
}

int ask_referrers(const struct snapshot *snapshot)
{
	struct referrers r = {.answers = &snapshot->shared->answers,
			      .last = BLOCK_NONE};
	int err = blocks_build(NULL);

	if (err)
		return err;
	r.to = blocks_find(snapshot->about);
	if (r.to == BLOCK_NONE)
		return 0;
	for (r.from = blocks_from(0); r.from; r.from = blocks_from(r.from + 1))
		read_block(r.from, visit_word, &r);
	return 0;
}

struct cuts {
	const struct scan *scan;
	struct answers *answers;
	uint32_t *component;
	uint8_t *is_cut; /* by component */
};

static void visit_value(uintptr_t at, uintptr_t word, void *data)
{
	(void)at;
	*(uintptr_t *)data = word;
}

/* The node that holds the slot, and the node to which its word points. */
static bool edge_of(const struct ref_slot *slot, uint32_t *from, uint32_t *to)
{
	uintptr_t word = 0;

	*from = nodes_find(blocks_find(slot->at));
	read_range(slot->at, slot->at + sizeof word, 0, visit_value, &word);
	*to = word ? nodes_find(blocks_find(word)) : NODE_NONE;
	return *from != NODE_NONE && *to != NODE_NONE;
}

/* One slot of each cycle is enough. A component of many cycles needs several
 * turns. */
static void visit_slot(const struct ref_slot *slot, void *data)
{
	struct cuts *cuts = data;
	const struct graph *graph = &cuts->scan->graph;
	uint32_t from, to, component;

	if (!slot->clear || slot->flags & SLOT_WEAK ||
	    !edge_of(slot, &from, &to))
		return;
	component = cuts->component[from];
	if (cuts->component[to] != component || cuts->is_cut[component] ||
	    (graph->flags[from] | graph->flags[to]) & NODE_SUSPECT ||
	    (from == to && !(graph->flags[from] & NODE_SELF)))
		return;
	cuts->is_cut[component] = 1;
	answer(cuts->answers, slot->owner, slot->clear);
}

int ask_cuts(const struct snapshot *snapshot, const struct scan *scan,
	     struct arena *arena)
{
	struct cuts cuts = {scan, &snapshot->shared->answers, NULL, NULL};
	struct components components = {0};

	if (components_find(&scan->graph, arena, &components))
		return -ENOMEM;
	cuts.component = components.component;
	cuts.is_cut = arena_array(arena, components.count + 1, 1);
	if (!cuts.is_cut)
		return -ENOMEM;
	refs_slots(visit_slot, &cuts);
	return 0;
}
