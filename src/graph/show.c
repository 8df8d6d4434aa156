/*
 * What a finding shows of one instance: members and cut.
 *
 * Runs in the snapshot child. No locks, no recursion.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/debug.h"
#include "graph/cut.h"
#include "graph/finding.h"
#include "graph/folding.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/sample.h"
#include "graph/show.h"

/* At least the number of edges of an instance: those that lead out of it may be
 * counted too. */
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

/* Makes memory for the largest instance that is shown as a graph. */
static int sample_make(struct folding *f, struct sample *sample)
{
	uint32_t k, nodes = 0, most = 0;

	for (k = 0; k < f->instances.findings; k++) {
		uint32_t n, edges;

		if (!f->list[k].count || f->list[k].kind != FINDING_CYCLE)
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

/* Fills a cycle's members and cut from its sample. */
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
	/* when there are too many to show, the two ends of the cut come
	 * first */
	if (shown < n)
		finding->members[at++] = finding->cut_from;
	for (i = 0; at < shown; i++)
		if (shown == n || order[i] != s->from[cut.edge])
			finding->members[at++] = s->node[order[i]];
}

/* A finding that is no cycle has its head as its only member. */
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
		finding->members[0] = folding_head(f, number);
		return 0;
	}
	if (is_large(n, edges_of(f, instance))) {
		large_show(f, instance, finding);
	} else {
		sample_fill(&f->instances, instance, s);
		debug_check(sample_is_valid(s));
		cycle_show(f, s, finding);
	}
	return 0;
}

int show_fill(struct folding *f)
{
	struct sample sample;
	uint32_t k;
	int err = sample_make(f, &sample);

	for (k = 0; !err && k < f->instances.findings; k++)
		err = f->list[k].count ? sample_show(f, &sample, k) : 0;
	return err;
}
