/*
 * From instances to findings. Instances of one shape are counted together, and
 * one of them is shown (show.c).
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/debug.h"
#include "base/keys.h"
#include "base/sort.h"
#include "graph/closed.h"
#include "graph/finding.h"
#include "graph/findings.h"
#include "graph/folding.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/kept.h"
#include "graph/owner.h"
#include "graph/pending.h"
#include "graph/shape.h"
#include "graph/show.h"

static uint8_t instance_flags(const struct folding *f, uint32_t instance)
{
	const uint32_t *member = instance_member(&f->instances, instance);
	uint32_t i, n = instance_members(&f->instances, instance);
	uint8_t flags = 0;

	for (i = 0; i < n; i++)
		flags |= f->instances.graph->flags[member[i]];
	return flags;
}

#define HOLDERS 16 /* that are looked at */

/* What a runtime declared and a suspect holds is as doubtful as that, and what
 * words that the scan merely found were counted for, as the blocks in which
 * they stand. */
static bool is_doubtful(const struct folding *f, uint32_t instance,
			uint8_t flags)
{
	bool doubtful = flags & NODE_FOUND && flags & NODE_SUSPECT;
	int i;

	if (!(flags & NODE_DECLARED))
		return false;
	for (i = 0; i < HOLDERS && !doubtful; i++) {
		instance = f->forest.parent[instance];
		if (instance == NODE_NONE)
			return false;
		doubtful = (instance_flags(f, instance) &
			    (NODE_DEAD | NODE_SUSPECT)) == NODE_SUSPECT;
	}
	return doubtful;
}

static enum finding_confidence
instance_confidence(const struct folding *f, uint32_t instance, uint8_t flags)
{
	if (flags & NODE_DEAD && !is_doubtful(f, instance, flags))
		return flags & NODE_FOUND ? CONFIDENCE_LIKELY
					  : CONFIDENCE_CERTAIN;
	if (flags & (NODE_DEAD | NODE_SUSPECT))
		return CONFIDENCE_SUSPECT;
	if (f->forest.parent[instance] == NODE_NONE)
		return CONFIDENCE_CERTAIN;
	return CONFIDENCE_LIKELY;
}

static uint64_t instance_bytes(const struct folding *f, uint32_t instance)
{
	const uint32_t *member = instance_member(&f->instances, instance);
	uint32_t i, n = instance_members(&f->instances, instance);
	uint64_t bytes = 0;

	for (i = 0; i < n; i++)
		bytes += graph_size(f->instances.graph, member[i]);
	return bytes;
}

/*
 * Adds an instance to its finding. A finding retains all that is in the trees
 * of its outermost instances but the members: here the members are still
 * included. It is nested when all its outermost instances are held, since the
 * others hang below them.
 */
static void instance_add(struct folding *f, uint32_t instance)
{
	uint32_t number = f->instances.finding[instance];
	struct finding *finding = &f->list[number];
	uint8_t flags = instance_flags(f, instance);
	enum finding_confidence confidence =
		instance_confidence(f, instance, flags);
	uint64_t bytes = instance_bytes(f, instance);

	if (folding_leaves_out(f, instance))
		return;
	if (!finding->count) {
		finding->id = f->instances.id[number];
		finding->kind = instance_kind(&f->instances, instance);
		finding->nested = true;
		finding->pending = instance_is_pending(&f->instances, instance);
	}
	if (!finding->count || confidence < finding->confidence) {
		finding->confidence = confidence;
		f->sample[number] = instance;
	}
	finding->dead |= flags & NODE_DEAD;
	finding->undecided = flags & NODE_UNDECIDED;
	finding->count++;
	finding->blocks += instance_members(&f->instances, instance);
	finding->bytes += bytes;
	/* Unsigned: the sum may pass through zero, but its end is right. */
	finding->retained_bytes -= bytes;
	finding->retained_blocks -= instance_members(&f->instances, instance);
	if (!f->forest.top[instance])
		return;
	finding->retained_bytes += f->forest.tree[instance];
	finding->retained_blocks += f->forest.blocks[instance];
	if (f->forest.parent[instance] == NODE_NONE) {
		finding->outer++;
		finding->outer_bytes += f->forest.tree[instance];
		finding->nested = false;
	}
}

/* Adds a block that nothing holds and that holds nothing. */
static void alone_add(struct folding *f, uint32_t node)
{
	const struct graph *graph = f->instances.graph;
	uint32_t number = f->instances.lost[graph->class[node]];
	struct finding *finding = &f->list[number];
	enum finding_confidence confidence =
		(graph->flags[node] & (NODE_DEAD | NODE_SUSPECT)) ==
				NODE_SUSPECT
			? CONFIDENCE_SUSPECT
			: CONFIDENCE_CERTAIN;

	if (!finding->count) {
		finding->id = f->instances.id[number];
		finding->kind = FINDING_LOST;
	}
	if (!finding->count || confidence < finding->confidence ||
	    (confidence == finding->confidence &&
	     node < folding_head(f, number))) {
		finding->confidence = confidence;
		f->alone[number] = node;
	}
	finding->dead |= graph->flags[node] & NODE_DEAD;
	finding->nested = false;
	finding->count++;
	finding->blocks++;
	finding->outer++;
	finding->bytes += graph_size(graph, node);
	finding->outer_bytes += graph_size(graph, node);
}

/* The same for the blocks that are no nodes. */
static void lone_add(struct folding *f, uint32_t class)
{
	const struct lone *lone = &f->instances.graph->lone[class];
	struct finding *finding;

	if (!lone->n)
		return;
	finding = &f->list[f->instances.lost[class]];
	finding->count += lone->n;
	finding->blocks += lone->n;
	finding->outer += lone->n;
	finding->bytes += lone->bytes;
	finding->outer_bytes += lone->bytes;
}

/* Fills the sums, the confidence and the instance to show. */
static int instances_add(struct folding *f)
{
	uint32_t i, n = f->instances.findings;

	f->list = arena_array(f->arena, n, sizeof(*f->list));
	f->sample = arena_array(f->arena, n, sizeof(*f->sample));
	f->alone = arena_array(f->arena, n, sizeof(*f->alone));
	if (!f->list || !f->sample || !f->alone)
		return -ENOMEM;
	memset(f->alone, 0xff, n * sizeof(*f->alone));
	for (i = 0; i < f->instances.n; i++)
		instance_add(f, i);
	for (i = 0; i < f->instances.graph->n; i++) {
		if (node_is_alone(&f->instances, i))
			alone_add(f, i);
	}
	for (i = 0; f->instances.graph->lone && i < f->instances.graph->classes;
	     i++)
		lone_add(f, i);
	return 0;
}

/* Collects the distinct pairs (finding, other finding nested directly in
 * it). */
static int pairs_collect(struct folding *f, struct keys *pairs)
{
	const uint32_t *finding = f->instances.finding;
	uint32_t i;

	for (i = 0; i < f->instances.n; i++) {
		uint32_t parent = f->forest.parent[i];

		if (parent == NODE_NONE || finding[parent] == finding[i] ||
		    !f->list[finding[parent]].count ||
		    !f->list[finding[i]].count)
			continue;
		if (keys_add(pairs, f->arena,
			     (uint64_t)finding[parent] << 32 | finding[i]))
			return -ENOMEM;
	}
	keys_settle(pairs);
	return 0;
}

/* Fills inner. Numbers ascend with ids, and so do the pairs. */
static int inner_fill(struct folding *f)
{
	struct keys pairs = {0};
	uint64_t *inner;
	uint32_t i;

	if (pairs_collect(f, &pairs))
		return -ENOMEM;
	inner = arena_array(f->arena, pairs.n, sizeof(*inner));
	if (!inner)
		return -ENOMEM;
	for (i = 0; i < pairs.n; i++) {
		uint64_t key = pairs.items[i].key;
		struct finding *outer = &f->list[key >> 32];

		inner[i] = f->list[(uint32_t)key].id;
		if (!outer->nested_n++)
			outer->inner = &inner[i];
	}
	return 0;
}

/* What is no alarm last, the largest first. Sums of bytes stay far below 2^63.
 */
static uint64_t finding_key(const struct finding *finding)
{
	uint64_t total = finding->bytes + finding->retained_bytes;

	return (uint64_t)!finding_is_alarm(finding) << 63 |
	       (INT64_MAX - (total & INT64_MAX));
}

/* Puts list in the order of the report. Equals stay in the order of their
 * ids. */
static int findings_sort(struct folding *f, struct findings *out)
{
	uint32_t i, k, n = f->instances.findings;
	struct item *items = arena_array(f->arena, n, sizeof(*items));
	struct item *scratch = arena_array(f->arena, n, sizeof(*items));

	out->list = arena_array(f->arena, n, sizeof(*out->list));
	if (!items || !scratch || !out->list)
		return -ENOMEM;
	for (i = k = 0; i < n; i++)
		if (f->list[i].count)
			items[k++] = (struct item){finding_key(&f->list[i]), i};
	sort_items(items, scratch, k);
	for (i = 0; i < k; i++)
		out->list[i] = f->list[items[i].value];
	out->n = k;
	return 0;
}

/* Finds whose member the node is that was asked about, or who keeps it. */
static void asked_find(const struct folding *f, struct findings *out)
{
	const struct instances *instances = &f->instances;
	uint32_t node = instances->graph->asked, component, owner;

	if (!node--)
		return;
	if (node_is_alone(instances, node)) {
		owner = instances->lost[instances->graph->class[node]];
	} else {
		component = instances->components.component[node];
		owner = instances->owner[component];
		if (owner == NODE_NONE)
			return;
		out->asked_is_kept = !owner_is_own(instances, component);
		owner = instances->finding[owner];
	}
	out->asked = f->list[owner].id;
}

int findings_find(const struct graph *graph, struct arena *arena,
		  struct findings *out)
{
	struct folding f = {.arena = arena};
	struct graph judged = *graph;
	int err;

	memset(out, 0, sizeof(*out));
	err = instances_find(graph, arena, &f.instances);
	if (!err)
		err = shapes_find(&f.instances, arena);
	debug_check(err || instances_is_valid(&f.instances));
	if (!err)
		err = owners_find(&f.instances, arena, &f.forest);
	debug_check(err || owners_is_valid(&f.instances, &f.forest));
	if (!err)
		err = closed_find(&f);
	if (!err)
		err = instances_add(&f);
	if (!err)
		err = pending_spread(&f);
	if (!err)
		err = inner_fill(&f);
	if (!err)
		err = show_fill(&f);
	if (!err)
		err = findings_sort(&f, out);
	if (!err)
		asked_find(&f, out);
	judged.stale = out->stale = f.instances.components.stale;
	if (!err)
		err = kept_fill(&judged, arena, out->list, out->n);
	debug_check(err || findings_is_valid(graph, out));
	return err;
}

#ifdef GORDIAN_DEBUG
static bool edge_exists(const struct graph *graph, uint32_t from, uint32_t to)
{
	uint32_t e;

	if (from >= graph->n)
		return false;
	for (e = graph->row[from]; e < graph->row[from + 1]; e++) {
		if (graph->to[e] == to)
			return true;
	}
	return false;
}

static bool cut_is_valid(const struct graph *graph,
			 const struct finding *finding)
{
	if (finding->cut_reason == CUT_NONE)
		return finding->members_total == 1 &&
		       finding->cut_from == NODE_NONE &&
		       finding->cut_to == NODE_NONE;
	return finding->members[finding->members_n < finding->members_total] ==
		       finding->cut_to &&
	       edge_exists(graph, finding->cut_from, finding->cut_to);
}

static bool finding_is_valid(const struct graph *graph,
			     const struct finding *finding)
{
	uint32_t i;

	if (!finding->id || !finding->count || !finding->members_n ||
	    finding->kept_n > FINDING_KEPT_MAX ||
	    finding->members_n > FINDING_MEMBERS_MAX ||
	    finding->members_n > finding->members_total)
		return false;
	for (i = 0; i < finding_shown(finding); i++) {
		if (finding_node(finding, i) >= graph->n)
			return false;
	}
	for (i = 1; i < finding->nested_n; i++) {
		if (finding->inner[i] <= finding->inner[i - 1])
			return false;
	}
	if (finding->kind != FINDING_CYCLE)
		return finding->members_total == 1 &&
		       finding->cut_reason == CUT_NONE &&
		       !(finding->kind == FINDING_LOST && finding->nested);
	return cut_is_valid(graph, finding);
}

bool findings_is_valid(const struct graph *graph,
		       const struct findings *findings)
{
	uint32_t i;

	for (i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->list[i];

		if (!finding_is_valid(graph, f))
			return false;
		if (!i || finding_key(f - 1) < finding_key(f))
			continue;
		if (finding_key(f - 1) > finding_key(f) || f[-1].id >= f->id)
			return false;
	}
	return true;
}
#endif
