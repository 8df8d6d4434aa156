/*
 * The cut of a cycle: the edge which, made weak, would let it be freed.
 *
 * Runs in the snapshot child. No locks.
 */
#include "graph/components.h"
#include "graph/cut.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/sample.h"

/* To find what is left without an edge costs a look at all nodes and edges. A
 * cycle whose edges can all be tried within this many steps is decided exactly
 * ... */
#define WORK_CYCLE (1u << 20)
/* ... until this many are spent on all cycles of the scan. */
#define WORK_SCAN (1u << 26)
/* Otherwise so many edges are tried, or fewer when a large cycle would need
 * more steps than that. */
#define EDGES_TRIED 8u
#define WORK_LARGE (1u << 22)

struct search {
	const struct graph *graph;
	struct sample *sample;
	uint32_t best;	    /* edge, or NODE_NONE */
	uint32_t remaining; /* the largest component without it */
};

/* How far an edge falls from a class that was seen later to one seen earlier.
 * What is made later is mostly the child, and its edge back to its parent is
 * the one that should be weak. */
static int64_t class_fall(const struct graph *graph, const struct sample *s,
			  uint32_t e)
{
	return (int64_t)graph->class[s->node[s->from[e]]] -
	       (int64_t)graph->class[s->node[s->to[e]]];
}

/* Whether edge e comes before edge f when nothing else tells them apart. */
static bool edge_before(const struct graph *graph, const struct sample *s,
			uint32_t e, uint32_t f)
{
	int64_t fall_e, fall_f;

	if (f == NODE_NONE)
		return true;
	fall_e = class_fall(graph, s, e);
	fall_f = class_fall(graph, s, f);
	if (fall_e != fall_f)
		return fall_e > fall_f;
	if (s->from[e] != s->from[f])
		return s->from[e] < s->from[f];
	return s->to[e] < s->to[f];
}

static uint64_t edge_since(const struct graph *graph, const struct sample *s,
			   uint32_t e)
{
	return graph->since ? graph->since[s->word[e]] : 0;
}

static bool edge_is_back(const struct graph *graph, const struct sample *s,
			 uint32_t e)
{
	return graph->back && graph->back[s->word[e]];
}

/* The edge that was linked last: of back pointers alone, or of all that were
 * linked. NODE_NONE when there is none. */
static uint32_t cut_by_link(const struct graph *graph, const struct sample *s,
			    bool back)
{
	uint32_t e, best = NODE_NONE, n = s->row[s->graph.n];
	uint64_t newest = !back;

	for (e = 0; e < n; e++) {
		uint64_t since = edge_since(graph, s, e);

		if ((back && !edge_is_back(graph, s, e)) || since < newest)
			continue;
		if (since > newest || edge_before(graph, s, e, best))
			best = e;
		newest = since;
	}
	return best;
}

/* The edge from the latest epoch to the earliest before it; NODE_NONE when all
 * members are of one epoch. */
static uint32_t cut_by_epoch(const struct graph *graph, const struct sample *s)
{
	uint32_t e, best = NODE_NONE, n = s->row[s->graph.n];
	int most = 1;

	for (e = 0; e < n; e++) {
		int fall = graph->epoch[s->node[s->from[e]]] -
			   graph->epoch[s->node[s->to[e]]];

		if (fall < most)
			continue;
		if (fall > most || edge_before(graph, s, e, best))
			best = e;
		most = fall;
	}
	return best;
}

/* The size of the largest component that is left without edge e. */
static uint32_t remaining_without(struct sample *s, uint32_t e)
{
	uint32_t i, most = 0, *size = s->seen;

	components_without(&s->graph, s->from[e], s->to[e], &s->components);
	for (i = 0; i < s->components.count; i++)
		size[i] = 0;
	for (i = 0; i < s->graph.n; i++) {
		uint32_t c = s->components.component[i];

		if (++size[c] > most)
			most = size[c];
	}
	s->work += s->graph.n + s->row[s->graph.n];
	return most;
}

/* Tries edge e, and updates best and remaining. */
static void edge_try(struct search *search, uint32_t e)
{
	uint32_t remaining = remaining_without(search->sample, e);

	if (search->best != NODE_NONE) {
		if (remaining > search->remaining)
			return;
		if (remaining == search->remaining &&
		    !edge_before(search->graph, search->sample, e,
				 search->best))
			return;
	}
	search->best = e;
	search->remaining = remaining;
}

/* The first edge with the largest class fall below that bound; or NODE_NONE. */
static uint32_t edge_first(const struct graph *graph, const struct sample *s,
			   int64_t below)
{
	uint32_t e, best = NODE_NONE, n = s->row[s->graph.n];

	for (e = 0; e < n; e++) {
		if (class_fall(graph, s, e) < below &&
		    edge_before(graph, s, e, best))
			best = e;
	}
	return best;
}

/* Tries a few of very many edges: the first of each class fall, from the
 * highest on, and some from all over the cycle. That finds a good one, not
 * always the best. */
static void edges_try_some(struct search *search)
{
	struct sample *s = search->sample;
	uint64_t i, n = s->row[s->graph.n];
	uint64_t tries = WORK_LARGE / (s->graph.n + n);
	int64_t below = INT64_MAX;

	if (tries > EDGES_TRIED)
		tries = EDGES_TRIED;
	search->best = edge_first(search->graph, s, below);
	search->remaining = s->graph.n;
	for (i = 0; i < tries / 2; i++) {
		uint32_t e = edge_first(search->graph, s, below);

		if (e == NODE_NONE)
			break;
		below = class_fall(search->graph, s, e);
		edge_try(search, e);
	}
	for (; i < tries; i++)
		edge_try(search, (uint32_t)(i * n / tries));
}

/* The edge without which the least is left. In a plain ring, which has as many
 * edges as nodes, all are equal. */
static uint32_t cut_by_remainder(const struct graph *graph, struct sample *s)
{
	struct search search = {graph, s, NODE_NONE, 0};
	uint32_t e, n = s->row[s->graph.n];

	if (n == s->graph.n)
		return edge_first(graph, s, INT64_MAX);
	if ((uint64_t)n * (s->graph.n + n) > WORK_CYCLE ||
	    s->work > WORK_SCAN) {
		edges_try_some(&search);
		return search.best;
	}
	for (e = 0; e < n; e++)
		edge_try(&search, e);
	return search.best;
}

struct cut cut_find(const struct graph *graph, struct sample *sample)
{
	struct cut cut = {cut_by_link(graph, sample, true), CUT_BACK};

	if (cut.edge == NODE_NONE) {
		cut.edge = cut_by_link(graph, sample, false);
		cut.reason = CUT_CLOSED;
	}
	if (cut.edge == NODE_NONE) {
		cut.edge = cut_by_epoch(graph, sample);
		cut.reason = CUT_EPOCH;
	}
	if (cut.edge == NODE_NONE) {
		cut.edge = cut_by_remainder(graph, sample);
		cut.reason = CUT_SMALLEST;
	}
	if (cut.edge == NODE_NONE)
		cut.reason = CUT_NONE;
	return cut;
}

/* The reason for a word to be the cut, and its weight. The smaller reason
 * wins. */
struct worth {
	enum cut_reason reason;
	int64_t much, fall;
};

static struct worth word_worth(const struct graph *graph, uint32_t from,
			       uint32_t e)
{
	uint32_t to = graph->to[e];
	struct worth worth = {CUT_SMALLEST, 0,
			      (int64_t)graph->class[from] -
				      (int64_t)graph->class[to]};
	uint64_t since = graph->since ? graph->since[e] : 0;

	if (graph->back && graph->back[e]) {
		worth.reason = CUT_BACK;
		worth.much = (int64_t)since;
	} else if (since) {
		worth.reason = CUT_CLOSED;
		worth.much = (int64_t)since;
	} else if (graph->epoch[from] > graph->epoch[to]) {
		worth.reason = CUT_EPOCH;
		worth.much = graph->epoch[from] - graph->epoch[to];
	}
	return worth;
}

static bool worth_more(struct worth a, struct worth b)
{
	if (a.reason != b.reason)
		return a.reason < b.reason;
	if (a.much != b.much)
		return a.much > b.much;
	return a.fall > b.fall;
}

/* All members are alike: the first edge is as good as any. */
static bool nothing_tells(const struct graph *graph, const uint32_t *member,
			  uint32_t n)
{
	uint32_t i;

	for (i = 1; i < n; i++) {
		if (graph->class[member[i]] != graph->class[member[0]] ||
		    graph->epoch[member[i]] != graph->epoch[member[0]])
			return false;
	}
	return !graph->since && !graph->back;
}

struct large_cut cut_find_large(const struct instances *instances,
				uint32_t instance)
{
	const struct graph *graph = instances->graph;
	const uint32_t *member = instance_member(instances, instance);
	uint32_t i, e, n = instance_members(instances, instance);
	struct large_cut cut = {NODE_NONE, NODE_NONE, CUT_NONE};
	bool any = nothing_tells(graph, member, n);
	struct worth best = {0};

	for (i = 0; i < n && !(any && cut.reason); i++) {
		for (e = graph->row[member[i]]; e < graph->row[member[i] + 1];
		     e++) {
			struct worth worth;

			graph_ask(graph, graph->class, e);
			if (graph->to[e] == member[i] ||
			    !edge_stays(instances, member[i], e))
				continue;
			worth = word_worth(graph, member[i], e);
			if (cut.reason && !worth_more(worth, best))
				continue;
			best = worth;
			cut = (struct large_cut){member[i], graph->to[e],
						 worth.reason};
		}
	}
	return cut;
}
