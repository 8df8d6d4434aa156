/*
 * Thousands of small random graphs: what findings_find() says is compared
 * with the model in graph-model.h, in every field. And: wherever memory may
 * be short, it is an error and no crash.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/pages.h"
#include "graph-make.h"
#include "graph-model.h"
#include "graph-random.h"
#include "graph/finding.h"
#include "graph/findings.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/owner.h"
#include "graph/sample.h"
#include "graph/shape.h"

#define GRAPHS 8000

static uint32_t seed;			   /* of the graph at hand */
static uint32_t reasons[CUT_SMALLEST + 1]; /* of cuts, how often */
static long allow = -1; /* so many allocations more, if not negative */

#define CHECK(truth)                                                   \
	do {                                                           \
		if (!(truth))                                          \
			fail_msg("seed %u: not so: %s", seed, #truth); \
	} while (0)

int memory_refuses(size_t bytes)
{
	(void)bytes;
	return allow >= 0 && allow-- == 0;
}

/* A shape as a number: kind, colours, pairs of colours. */
static uint32_t shape_of(const struct model *m, uint32_t a)
{
	uint32_t set = model_set(m, a), kind = model_kind(m, a), shape = kind;
	uint32_t i, j, colour[MODEL_NODES];

	for (i = 0; i < m->graph->n; i++) {
		uint64_t hash = m->graph->class_hash[m->graph->class[i]];

		for (colour[i] = 0; colour_hash(colour[i]) != hash;)
			colour[i]++;
	}
	for (i = 0; i < m->graph->n; i++) {
		if (!(set & BIT(i)))
			continue;
		shape |= BIT(2 + colour[i]);
		for (j = 0; j < m->graph->n && kind == FINDING_CYCLE; j++) {
			if (set & BIT(j) && m->edge[i] & BIT(j))
				shape |= BIT(2 + COLOURS + COLOURS * colour[i] +
					     colour[j]);
		}
	}
	return shape;
}

/* Equal shapes have equal ids, in all graphs; others have others. */
static void id_check(uint32_t shape, uint64_t id)
{
	static uint64_t known[1u << (2 + COLOURS + COLOURS * COLOURS)];
	static uint64_t ids[1u << 16];
	static uint32_t n;
	uint32_t i;

	CHECK(id);
	if (!known[shape]) {
		for (i = 0; i < n; i++)
			CHECK(ids[i] != id);
		known[shape] = id;
		if (n < 1u << 16)
			ids[n++] = id;
	}
	CHECK(known[shape] == id);
}

/* The instances as graphs of their own have all their edges, each once. */
static void samples_check(const struct model *model, const struct instances *in)
{
	struct sample sample;
	struct arena arena = {0};
	uint32_t i, k, set, edges;

	CHECK(!sample_alloc(MODEL_NODES, MODEL_NODES * MODEL_NODES, &arena,
			    &sample));
	for (k = 0; k < in->n; k++) {
		if (instance_kind(in, k) != FINDING_CYCLE)
			continue;
		sample_fill(in, k, &sample);
		CHECK(sample_is_valid(&sample));
		set = model_members(model, instance_member(in, k)[0]);
		for (i = 0, edges = 0; i < model->graph->n; i++) {
			if (set & BIT(i))
				edges += (uint32_t)__builtin_popcount(
					model->edge[i] & set &
					(set == BIT(i) ? set : ~BIT(i)));
		}
		CHECK(sample.row[sample.graph.n] == edges);
	}
}

/* The instance of the model that instance k is. */
static uint32_t instance_of(const struct instances *in, uint32_t k)
{
	if (k == NODE_NONE || instance_head(in, k) == NODE_NONE)
		return k == NODE_NONE ? k : instance_member(in, k)[0];
	return EXCESS(in->head[k]);
}

/* The instances agree, and are in order; ids are the model's now. */
static void instances_check(struct model *model, const struct instances *in)
{
	uint32_t a, k, n = 0, alone = 0;

	for (k = 0; k < in->n; k++) {
		a = instance_of(in, k);
		CHECK(model->is[a]);
		CHECK(instance_kind(in, k) == model_kind(model, a));
		CHECK(!k || model_before(model, instance_of(in, k - 1), a));
		model->id[a] = in->id[in->finding[k]];
		id_check(shape_of(model, a), model->id[a]);
	}
	for (a = 0; a < model->graph->n; a++) {
		if (!node_is_alone(in, a))
			continue;
		CHECK(model->is[a] && model_kind(model, a) == FINDING_LOST);
		model->id[a] = in->id[in->lost[model->graph->class[a]]];
		id_check(shape_of(model, a), model->id[a]);
		alone++;
	}
	for (a = 0; a < MODEL_INSTANCES; a++)
		n += model->is[a];
	CHECK(n == in->n + alone);
}

/* Components, instances, shapes and owners agree. */
static void stages_check(struct model *model, const struct graph *graph)
{
	struct instances in;
	struct arena arena = {0};
	struct forest forest;
	uint32_t i, k, first = 0;

	CHECK(!instances_find(graph, &arena, &in));
	CHECK(!shapes_find(&in, &arena));
	CHECK(instances_is_valid(&in));
	CHECK(!owners_find(&in, &arena, &forest));
	CHECK(owners_is_valid(&in, &forest));
	for (i = 0; i < in.components.nodes; i++) {
		uint32_t c = in.components.component[in.member[i]];

		if (!i || in.components.component[in.member[i - 1]] != c)
			first = i;
		CHECK(model->lead[in.member[i]] == in.member[first]);
	}
	instances_check(model, &in);
	samples_check(model, &in);
	model_owners(model);
	for (i = 0; i < graph->n; i++) {
		uint32_t c = in.components.component[i];

		CHECK((c == NODE_NONE ? i : instance_of(&in, in.owner[c])) ==
		      model->owner[model->lead[i]]);
	}
	for (k = 0; k < in.n; k++)
		CHECK(instance_of(&in, forest.parent[k]) ==
		      model->parent[instance_of(&in, k)]);
}

static enum finding_confidence confidence_of(const struct model *m, uint32_t a)
{
	uint32_t i, set = model_set(m, a), flags = 0;

	for (i = 0; i < m->graph->n; i++)
		flags |= set & BIT(i) ? m->graph->flags[i] : 0;
	if (flags & NODE_DEAD)
		return CONFIDENCE_CERTAIN;
	if (flags & NODE_SUSPECT)
		return CONFIDENCE_SUSPECT;
	return m->parent[a] == NODE_NONE ? CONFIDENCE_CERTAIN
					 : CONFIDENCE_LIKELY;
}

/* Held by an instance of another finding, or by one of the same that is. */
static bool is_nested(const struct model *m, uint32_t a)
{
	uint32_t parent = m->parent[a];

	while (parent != NODE_NONE && m->id[parent] == m->id[a])
		parent = m->parent[parent];
	return parent != NODE_NONE;
}

/* The instance that a finding shows: the first of those most confident. */
static uint32_t sample_of(const struct model *m, const struct finding *f)
{
	uint32_t a, best = NODE_NONE;

	for (a = 0; a < MODEL_INSTANCES; a++) {
		if (!m->is[a] || m->id[a] != f->id)
			continue;
		if (best == NODE_NONE ||
		    confidence_of(m, a) < confidence_of(m, best) ||
		    (confidence_of(m, a) == confidence_of(m, best) &&
		     model_before(m, a, best)))
			best = a;
	}
	return best;
}

static void sums_check(const struct model *m, const struct finding *f)
{
	uint32_t a, members = 0, trees = 0, count = 0, outer = 0;
	uint32_t sample = sample_of(m, f);
	uint64_t bytes = 0;
	bool nested = true;

	for (a = 0; a < MODEL_INSTANCES; a++) {
		if (!m->is[a] || m->id[a] != f->id)
			continue;
		count++;
		members |= model_set(m, a);
		bytes += model_bytes(m, model_set(m, a));
		trees |= model_tree(m, a);
		outer |= m->parent[a] == NODE_NONE ? model_tree(m, a) : 0;
		nested = nested && is_nested(m, a);
	}
	CHECK(f->count == count && count);
	CHECK(f->kind == model_kind(m, sample));
	CHECK(f->bytes == bytes && bytes == model_bytes(m, members));
	trees &= ~members;
	CHECK(f->retained_bytes == model_bytes(m, trees));
	CHECK(f->retained_blocks == (uint32_t)__builtin_popcount(trees));
	CHECK(f->outer_bytes == model_bytes(m, outer));
	CHECK(f->nested == nested);
	CHECK(f->confidence == confidence_of(m, sample));
	CHECK(f->members[0] < m->graph->n &&
	      model_set(m, sample) & BIT(f->members[0]));
}

/* Instance b is of another finding than f, and right below one of f. */
static bool is_below(const struct model *m, uint32_t b, const struct finding *f)
{
	return m->is[b] && m->parent[b] != NODE_NONE &&
	       m->id[m->parent[b]] == f->id && m->id[b] != f->id;
}

/* The ids right below, each once. (Ascending: findings_is_valid.) */
static void inner_check(const struct model *m, const struct finding *f)
{
	uint32_t a, k, missing = f->nested_n;

	for (k = 0; k < f->nested_n; k++) {
		for (a = 0; a < MODEL_INSTANCES; a++) {
			if (is_below(m, a, f) && m->id[a] == f->inner[k])
				break;
		}
		missing -= a < MODEL_INSTANCES;
	}
	CHECK(!missing);
	for (a = 0; a < MODEL_INSTANCES; a++) {
		if (!is_below(m, a, f))
			continue;
		for (k = 0; k < f->nested_n && f->inner[k] != m->id[a]; k++)
			;
		CHECK(k < f->nested_n);
	}
}

/* How good the edge a→b is as a cut for each reason, or INT64_MIN. */
static void cut_keys(const struct model *m, uint32_t set, uint32_t a,
		     uint32_t b, int64_t *key)
{
	const struct graph *g = m->graph;
	uint64_t since;
	bool back;

	key[CUT_BACK] = key[CUT_CLOSED] = key[CUT_EPOCH] = key[CUT_SMALLEST] =
		INT64_MIN;
	if (!(set & BIT(a)) || !(set & BIT(b)) || (a == b && set != BIT(a)) ||
	    !model_words(g, a, b, &back, &since))
		return;
	if (back)
		key[CUT_BACK] = (int64_t)since;
	if (since)
		key[CUT_CLOSED] = (int64_t)since;
	if (g->epoch[a] > g->epoch[b])
		key[CUT_EPOCH] = g->epoch[a] - g->epoch[b];
	key[CUT_SMALLEST] = -model_remaining(m, set, a, b);
}

/* No edge would have been the better cut. */
static void cut_check(const struct model *m, const struct finding *f)
{
	uint32_t set = model_set(m, sample_of(m, f)), a, b, n = m->graph->n;
	uint32_t best_a = NODE_NONE, best_b = NODE_NONE, reason = CUT_NONE, r;
	int64_t key[CUT_SMALLEST + 1], fall, best = 0, best_fall = 0;

	for (r = CUT_BACK; r <= CUT_SMALLEST && reason == CUT_NONE; r++) {
		for (a = 0; a < n; a++) {
			for (b = 0; b < n; b++) {
				cut_keys(m, set, a, b, key);
				fall = (int64_t)m->graph->class[a] -
				       m->graph->class[b];
				if (key[r] == INT64_MIN ||
				    (reason != CUT_NONE &&
				     (key[r] < best ||
				      (key[r] == best && fall <= best_fall))))
					continue;
				reason = r;
				best = key[r];
				best_fall = fall;
				best_a = a;
				best_b = b;
			}
		}
	}
	CHECK(f->cut_reason == reason);
	CHECK(f->cut_from == best_a && f->cut_to == best_b);
	reasons[reason]++;
}

/* All members, each once, along edges as far as can be. */
static void order_check(const struct model *m, const struct finding *f)
{
	uint32_t set = model_set(m, sample_of(m, f)), seen = 0, i;
	int n = __builtin_popcount(set), length = 1;

	CHECK(f->members_n == f->members_total);
	CHECK((int)f->members_n == n);
	for (i = 0; i < f->members_n; i++)
		seen |= BIT(f->members[i]);
	CHECK(seen == set);
	if (f->kind != FINDING_CYCLE || n > 6)
		return;
	while (length < n &&
	       m->edge[f->members[length - 1]] & BIT(f->members[length]))
		length++;
	CHECK(length == model_longest(m, set, 0, f->members[0], NODE_NONE));
	if (f->cut_from != NODE_NONE &&
	    model_longest(m, set, 0, f->members[0], f->cut_from) == n)
		CHECK(f->members[n - 1] == f->cut_from);
}

static void graph_check(const struct graph *graph)
{
	struct findings found;
	struct arena arena = {0};
	struct model model;
	uint64_t count = 0;
	uint32_t i, k;

	model_instances(&model, graph);
	stages_check(&model, graph);
	CHECK(!findings_find(graph, &arena, &found));
	CHECK(findings_is_valid(graph, &found));
	for (i = 0; i < found.n; i++) {
		const struct finding *f = &found.list[i];

		for (k = 0; k < i; k++)
			CHECK(found.list[k].id != f->id);
		count += f->count;
		sums_check(&model, f);
		inner_check(&model, f);
		order_check(&model, f);
		if (f->kind == FINDING_CYCLE)
			cut_check(&model, f);
	}
	for (i = 0; i < MODEL_INSTANCES; i++)
		count -= model.is[i];
	CHECK(!count);
}

static void random_graphs_agree(void **state)
{
	struct make m = {0};
	struct graph graph;

	(void)state;
	for (seed = 1; seed <= GRAPHS; seed++) {
		random_state = seed * 0x9e3779b97f4a7c15u;
		if (seed % 4)
			graph_random(&m);
		else
			graph_deep(&m);
		if (below(2))
			add_macros(&m);
		graph = make_graph(&m);
		graph_check(&graph);
		make_free(&m);
		if (seed % 256 == 0)
			arenas_drop();
	}
	for (seed = CUT_NONE; seed <= CUT_SMALLEST; seed++)
		CHECK(reasons[seed] > 20); /* each was tried */
}

/* Every allocation fails once: -ENOMEM, or another way is found. */
static void memory_is_short(void **state)
{
	struct make m = {0};
	struct graph graph;
	struct findings found;
	uint32_t i, a;
	uint32_t failed = 0;
	bool refused = true;
	long n;
	int err = 0;

	(void)state;
	for (i = 0; i < 300; i++) {
		a = make_ring(&m, 3, i); /* so that sets of keys grow */
		make_edge(&m, a, i ? a - 3 : a);
		make_count(&m, make_node(&m, i % 7, 1), i % 3);
	}
	for (i = 0; i < 300; i++) { /* old words are found */
		a = make_ring(&m, 2, 300);
		make_word(&m, a, a - below(2 * i + 1), 8 * i + 8, 8 * i);
	}
	graph = make_graph(&m);
	for (n = 0; refused && n < 1000; n++) {
		struct arena arena = {0};

		allow = n;
		err = findings_find(&graph, &arena, &found);
		assert_true(err == 0 || err == -ENOMEM);
		refused = allow < 0;
		assert_true(refused || !err);
		failed += err != 0;
		allow = -1;
		arenas_drop();
	}
	assert_false(refused);
	assert_in_range(failed, 40, n); /* a smaller piece may do */
	make_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_graphs_agree),
		cmocka_unit_test(memory_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
