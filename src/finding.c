/*
 * From instances to findings: those of one shape are counted together, and
 * one of them is shown.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include <string.h>
#include "finding.h"
#include "owner.h"
#include "sample.h"
#include "sort.h"

struct folding {
	struct instances instances;
	struct forest forest;
	struct arena *arena;
	struct finding *list; /* by number of the shape */
	uint32_t *sample; /* of a finding: the instance that is shown, ... */
	uint32_t *alone;  /* ... or the block alone, or NODE_NONE */
};

static enum finding_confidence instance_confidence(const struct folding *f,
						   uint32_t instance)
{
	const uint32_t *member = instance_member(&f->instances, instance);
	uint32_t i, n = instance_members(&f->instances, instance);

	uint8_t flags = 0;

	for (i = 0; i < n; i++)
		flags |= f->instances.graph->flags[member[i]];
	if (flags & NODE_DEAD)
		return CONFIDENCE_CERTAIN;
	if (flags & NODE_SUSPECT)
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

/* The first node of what a finding shows. */
static uint32_t head_of(const struct folding *f, uint32_t number)
{
	if (f->alone[number] != NODE_NONE)
		return f->alone[number];
	return *instance_member(&f->instances, f->sample[number]);
}

/*
 * The finding takes one more instance in. What it retains is all that is in
 * the trees of its outermost instances but the members: so far they are in.
 * It is nested when all the outermost are held, as the others hang on them.
 */
static void instance_add(struct folding *f, uint32_t instance)
{
	uint32_t number = f->instances.finding[instance];
	struct finding *finding = &f->list[number];
	enum finding_confidence confidence = instance_confidence(f, instance);
	uint64_t bytes = instance_bytes(f, instance);

	if (!finding->count) {
		finding->id = f->instances.id[number];
		finding->kind = instance_kind(&f->instances, instance);
		finding->nested = true;
	}
	if (!finding->count || confidence < finding->confidence) {
		finding->confidence = confidence;
		f->sample[number] = instance;
	}
	finding->count++;
	finding->bytes += bytes;
	/* Unsigned: it may pass through zero, the end is right. */
	finding->retained_bytes -= bytes;
	finding->retained_blocks -= instance_members(&f->instances, instance);
	if (!f->forest.top[instance])
		return;
	finding->retained_bytes += f->forest.tree[instance];
	finding->retained_blocks += f->forest.blocks[instance];
	if (f->forest.parent[instance] == NODE_NONE) {
		finding->outer_bytes += f->forest.tree[instance];
		finding->nested = false;
	}
}

/* The finding takes in a block that nothing holds and that holds nothing. */
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
	    (confidence == finding->confidence && node < head_of(f, number))) {
		finding->confidence = confidence;
		f->alone[number] = node;
	}
	finding->nested = false;
	finding->count++;
	finding->bytes += graph_size(graph, node);
	finding->outer_bytes += graph_size(graph, node);
}

/* The same for those that are no nodes. */
static void lone_add(struct folding *f, uint32_t class)
{
	const struct lone *lone = &f->instances.graph->lone[class];
	struct finding *finding;

	if (!lone->n)
		return;
	finding = &f->list[f->instances.lost[class]];
	finding->count += lone->n;
	finding->bytes += lone->bytes;
	finding->outer_bytes += lone->bytes;
}

/* Sums, confidence and the instance to show are there. */
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

/* The distinct pairs (finding, other finding nested right under it). */
static int pairs_collect(struct folding *f, struct keys *pairs)
{
	const uint32_t *finding = f->instances.finding;
	uint32_t i;

	for (i = 0; i < f->instances.n; i++) {
		uint32_t parent = f->forest.parent[i];

		if (parent == NODE_NONE || finding[parent] == finding[i])
			continue;
		if (keys_add(pairs, f->arena,
			     (uint64_t)finding[parent] << 32 | finding[i]))
			return -ENOMEM;
	}
	keys_settle(pairs);
	return 0;
}

/* inner is filled. Numbers ascend with ids, and so do the pairs. */
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

/* Edges of an instance, and more where they lead out of it. */
static uint32_t edges_of(const struct folding *f, uint32_t instance)
{
	const struct graph *graph = f->instances.graph;
	const uint32_t *node = instance_member(&f->instances, instance);
	uint32_t i, n = instance_members(&f->instances, instance), edges = 0;

	for (i = 0; i < n; i++)
		edges += graph->row[node[i] + 1] - graph->row[node[i]];
	return edges;
}

static bool is_large(uint32_t nodes, uint32_t edges)
{
	return (uint64_t)nodes + edges > SAMPLE_MOST;
}

/* Memory for the largest of the instances to show as graphs. */
static int sample_make(struct folding *f, struct sample *sample)
{
	uint32_t k, nodes = 0, most = 0;

	for (k = 0; k < f->instances.findings; k++) {
		uint32_t n, edges;

		if (f->list[k].kind != FINDING_CYCLE)
			continue;
		n = instance_members(&f->instances, f->sample[k]);
		edges = edges_of(f, f->sample[k]);
		if (is_large(n, edges))
			continue;
		nodes = n > nodes ? n : nodes;
		most = edges > most ? edges : most;
	}
	return sample_alloc(nodes, most, f->arena, sample);
}

static void large_show(struct folding *f, uint32_t instance,
		       struct finding *finding)
{
	struct large_cut cut = cut_find_large(&f->instances, instance);

	finding->cut_from = cut.from;
	finding->cut_to = cut.to;
	finding->cut_reason = cut.reason;
	finding->members_n =
		sample_walk(&f->instances, cut.from, cut.to, finding->members);
}

/* Members and cut of a cycle are those of its sample. */
static void cycle_show(struct folding *f, struct sample *s,
		       struct finding *finding)
{
	uint32_t i, at = 0, n = s->graph.n, shown = finding->members_n;
	const uint32_t *order;
	struct cut cut = cut_find(f->instances.graph, s);

	finding->members[0] = s->node[0];
	finding->cut_reason = cut.reason;
	if (cut.edge == NODE_NONE)
		return;
	finding->cut_from = s->node[s->from[cut.edge]];
	finding->cut_to = s->node[s->to[cut.edge]];
	order = sample_order(s, s->to[cut.edge], s->from[cut.edge]);
	/* of too many to show, the two ends of the cut are shown first */
	if (shown < n)
		finding->members[at++] = finding->cut_from;
	for (i = 0; at < shown; i++)
		if (shown == n || order[i] != s->from[cut.edge])
			finding->members[at++] = s->node[order[i]];
}

/* The members of a finding that is no cycle are its head. */
static int sample_show(struct folding *f, struct sample *s, uint32_t number)
{
	struct finding *finding = &f->list[number];
	bool cycle = finding->kind == FINDING_CYCLE;
	uint32_t instance = f->sample[number];
	uint32_t n = cycle ? instance_members(&f->instances, instance) : 1;
	uint32_t shown = n < FINDING_MEMBERS_MAX ? n : FINDING_MEMBERS_MAX;

	finding->cut_from = finding->cut_to = NODE_NONE;
	finding->members_total = n;
	finding->members_n = shown;
	finding->members = arena_array(f->arena, shown, sizeof(uint32_t));
	if (!finding->members)
		return -ENOMEM;
	if (!cycle) {
		finding->members[0] = head_of(f, number);
		return 0;
	}
	if (is_large(n, edges_of(f, instance))) {
		large_show(f, instance, finding);
	} else {
		sample_fill(&f->instances, instance, s);
		cycle_show(f, s, finding);
	}
	return 0;
}

static int samples_show(struct folding *f)
{
	struct sample sample;
	uint32_t k;
	int err = sample_make(f, &sample);

	for (k = 0; !err && k < f->instances.findings; k++)
		err = sample_show(f, &sample, k);
	return err;
}

/* Suspects last, the largest first. Sums of bytes stay far below 2^63. */
static uint64_t finding_key(const struct finding *finding)
{
	uint64_t total = finding->bytes + finding->retained_bytes;

	return (uint64_t)(finding->confidence == CONFIDENCE_SUSPECT) << 63 |
	       (INT64_MAX - (total & INT64_MAX));
}

/* list is in the order of the report; among equals by id, as it was. */
static int findings_sort(struct folding *f, struct findings *out)
{
	uint32_t i, n = f->instances.findings;
	struct item *items = arena_array(f->arena, n, sizeof(*items));
	struct item *scratch = arena_array(f->arena, n, sizeof(*items));

	out->list = arena_array(f->arena, n, sizeof(*out->list));
	if (!items || !scratch || !out->list)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		items[i] = (struct item){finding_key(&f->list[i]), i};
	items_sort(items, scratch, n);
	for (i = 0; i < n; i++)
		out->list[i] = f->list[items[i].value];
	out->n = n;
	return 0;
}

int findings_find(const struct graph *graph, struct arena *arena,
		  struct findings *out)
{
	struct folding f = {.arena = arena};
	int err;

	memset(out, 0, sizeof(*out));
	err = instances_find(graph, arena, &f.instances);
	if (!err)
		err = shapes_find(&f.instances, arena);
	if (!err)
		err = owners_find(&f.instances, arena, &f.forest);
	if (!err)
		err = instances_add(&f);
	if (!err)
		err = inner_fill(&f);
	if (!err)
		err = samples_show(&f);
	if (!err)
		err = findings_sort(&f, out);
	return err;
}

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
	    finding->members_n > FINDING_MEMBERS_MAX ||
	    finding->members_n > finding->members_total)
		return false;
	for (i = 0; i < finding->members_n; i++) {
		if (finding->members[i] >= graph->n)
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
