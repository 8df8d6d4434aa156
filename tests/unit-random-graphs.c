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
#include "finding.h"
#include "graph-make.h"
#include "graph-model.h"
#include "instance.h"
#include "owner.h"
#include "sample.h"

#define GRAPHS 8000
#define COLOURS 4u /* distinct class hashes */

static uint32_t seed; /* of the graph at hand */
static uint64_t random_state;
static long allow = -1; /* so many allocations more, if not negative */

#define CHECK(truth)                                                   \
	do {                                                           \
		if (!(truth))                                          \
			fail_msg("seed %u: not so: %s", seed, #truth); \
	} while (0)

int arena_refuses(size_t bytes)
{
	(void)bytes;
	return allow >= 0 && allow-- == 0;
}

/* xorshift64 (Marsaglia 2003). */
static uint32_t below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 33) % n;
}

static uint64_t colour_hash(uint32_t colour)
{
	return (colour * 3 + 1) * 0xd6e8feb86659fd93u;
}

/* Small rings, joined downwards, so that many findings nest. */
static void edges_of_rings(struct make *m)
{
	uint32_t i, k;

	for (i = 0; i + 1 < m->n; i++) {
		for (k = below(3); k && i + k < m->n; k--)
			make_edge(m, i + k - 1, i + k);
		if (below(2))
			make_edge(m, i + 1, i);
	}
	for (k = below(2 * m->n); k; k--) {
		i = below(m->n);
		make_edge(m, i, i + below(m->n - i));
	}
}

/* A deep tree of pairs, some of them held by others too. */
static void graph_deep(struct make *m)
{
	uint32_t i, k, pairs = 2 + below(14);

	for (i = 0; i < pairs; i++) {
		uint32_t a = make_ring(m, 2, below(4));

		m->class[a + 1] = m->class[a];
		k = i < 2 ? i : 1 + below(i < 3 ? i : 3);
		if (i)
			make_edge(m, a - 2 * k, a + 1);
	}
	for (k = below(6); k; k--) {
		i = below(pairs);
		make_edge(m, 2 * i, 2 * (i + below(pairs - i)) + 1);
	}
	for (i = 0; i < m->classes; i++)
		m->class_hash[i] = colour_hash(i);
}

static void graph_random(struct make *m)
{
	uint32_t i, n = 1 + below(18), classes = 1 + below(6);
	uint32_t epochs = 1 + below(2) * 3, colours = 1 + below(COLOURS);
	uint32_t suspects = below(4) ? 0 : 1 + below(n);

	for (i = 0; i < n; i++) {
		make_node(m, below(classes), below(6) * 8);
		m->epoch[i] = (uint8_t)below(epochs);
		m->flags[i] = below(n) < suspects ? NODE_SUSPECT : 0;
	}
	for (i = 0; i < m->classes; i++)
		m->class_hash[i] = colour_hash(below(colours));
	if (below(2)) {
		edges_of_rings(m);
		return;
	}
	for (i = below(below(3) ? 2 * n : n * n / 2 + 1); i; i--)
		make_edge(m, below(n), below(n));
}

/* A shape as a number: kind, colours, pairs of colours. */
static uint32_t shape_of(const struct model *m, uint32_t lead)
{
	uint32_t set = model_members(m, lead), shape = set != BIT(lead), i, j;
	uint32_t colour[MODEL_NODES];

	for (i = 0; i < m->graph->n; i++) {
		uint64_t hash = m->graph->class_hash[m->graph->class[i]];

		for (colour[i] = 0; colour_hash(colour[i]) != hash;)
			colour[i]++;
	}
	for (i = 0; i < m->graph->n; i++) {
		if (!(set & BIT(i)))
			continue;
		shape |= BIT(1 + colour[i]);
		for (j = 0; j < m->graph->n && set != BIT(lead); j++) {
			if (set & BIT(j) && m->edge[i] & BIT(j))
				shape |= BIT(1 + COLOURS + COLOURS * colour[i] +
					     colour[j]);
		}
	}
	return shape;
}

/* Equal shapes have equal ids, in all graphs; others have others. */
static void id_check(uint32_t shape, uint64_t id)
{
	static uint64_t known[1u << (1 + COLOURS + COLOURS * COLOURS)];
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
		sample_fill(in, k, &sample);
		CHECK(sample_is_valid(&sample));
		set = model_members(model, instance_member(in, k)[0]);
		for (i = 0, edges = 0; i < model->graph->n; i++) {
			if (set & BIT(i))
				edges += (uint32_t)__builtin_popcount(
					model->edge[i] & set & ~BIT(i));
		}
		CHECK(sample.row[sample.graph.n] == edges);
	}
}

/* Components, instances, shapes and owners agree; ids are the model's now. */
static void stages_check(struct model *model, const struct graph *graph)
{
	struct instances in;
	struct arena arena = {0};
	struct forest forest;
	uint32_t i, k = 0;

	CHECK(!instances_find(graph, &arena, &in));
	CHECK(!shapes_find(&in, &arena));
	CHECK(!owners_find(&in, &arena, &forest));
	CHECK(instances_is_valid(&in) && forest_is_valid(&in, &forest));
	for (i = 0; i < graph->n; i++) {
		uint32_t c = in.components.component[i];

		CHECK(in.member[in.row[c]] == model->lead[i]);
		if (!(model->instances & BIT(i)))
			continue;
		CHECK(k < in.n && instance_member(&in, k)[0] == i);
		model->id[i] = in.id[k++];
		id_check(shape_of(model, i), model->id[i]);
	}
	CHECK(k == in.n);
	samples_check(model, &in);
	model_owners(model);
	for (i = 0; i < graph->n; i++) {
		uint32_t c = in.components.component[i];

		CHECK(instance_member(&in, forest.owner[c])[0] ==
		      model->owner[model->lead[i]]);
	}
	for (k = 0; k < in.n; k++) {
		uint32_t p = forest.parent[k];

		i = instance_member(&in, k)[0];
		p = p == NODE_NONE ? p : instance_member(&in, p)[0];
		CHECK(p == model->parent[i]);
	}
}

static enum finding_confidence confidence_of(const struct model *m,
					     uint32_t lead)
{
	uint32_t i, set = model_members(m, lead);

	for (i = 0; i < m->graph->n; i++) {
		if (set & BIT(i) && m->graph->flags[i] & NODE_SUSPECT)
			return CONFIDENCE_SUSPECT;
	}
	return m->parent[lead] == NODE_NONE ? CONFIDENCE_CERTAIN
					    : CONFIDENCE_LIKELY;
}

/* Held by an instance of another finding, or by one of the same that is. */
static bool is_nested(const struct model *m, uint32_t lead)
{
	uint32_t parent = m->parent[lead];

	while (parent != NODE_NONE && m->id[parent] == m->id[lead])
		parent = m->parent[parent];
	return parent != NODE_NONE;
}

static void sums_check(const struct model *m, const struct finding *f)
{
	uint32_t i, members = 0, trees = 0, count = 0, sample = NODE_NONE;
	enum finding_confidence best = CONFIDENCE_SUSPECT + 1;
	bool nested = true;

	for (i = 0; i < m->graph->n; i++) {
		if (!(m->instances & BIT(i)) || m->id[i] != f->id)
			continue;
		count++;
		members |= model_members(m, i);
		trees |= model_tree(m, i);
		nested = nested && is_nested(m, i);
		if (confidence_of(m, i) < best) {
			best = confidence_of(m, i);
			sample = i;
		}
	}
	CHECK(f->count == count && count);
	CHECK(f->bytes == model_bytes(m, members));
	trees &= ~members;
	CHECK(f->retained_bytes == model_bytes(m, trees));
	CHECK(f->retained_blocks == (uint32_t)__builtin_popcount(trees));
	CHECK(f->nested == nested);
	CHECK(f->confidence == best);
	CHECK(m->lead[f->members[0]] == sample);
}

/* The ids right below, each once. (Ascending: findings_is_valid.) */
static void inner_check(const struct model *m, const struct finding *f)
{
	uint32_t i, k, missing = f->nested_n;

	for (k = 0; k < f->nested_n; k++) {
		for (i = 0; i < m->graph->n; i++) {
			if (m->instances & BIT(i) && m->id[i] == f->inner[k] &&
			    m->parent[i] != NODE_NONE &&
			    m->id[m->parent[i]] == f->id && m->id[i] != f->id)
				break;
		}
		missing -= i < m->graph->n;
	}
	CHECK(!missing);
	for (i = 0; i < m->graph->n; i++) {
		if (!(m->instances & BIT(i)) || m->parent[i] == NODE_NONE ||
		    m->id[m->parent[i]] != f->id || m->id[i] == f->id)
			continue;
		for (k = 0; k < f->nested_n && f->inner[k] != m->id[i]; k++)
			;
		CHECK(k < f->nested_n);
	}
}

/* No edge would have been the better cut. */
static void cut_check(const struct model *m, const struct finding *f)
{
	const struct graph *g = m->graph;
	uint32_t set = model_members(m, m->lead[f->members[0]]), a, b;
	uint32_t best_a = 0, best_b = 0;
	int64_t key[3], best[3] = {INT64_MIN};
	bool epochs = false;

	for (a = 0; a < g->n; a++) {
		for (b = 0; b < g->n; b++)
			epochs |= a != b && set & BIT(a) && set & BIT(b) &&
				  m->edge[a] & BIT(b) &&
				  g->epoch[a] > g->epoch[b];
	}
	CHECK(f->cut_reason == (epochs ? CUT_EPOCH : CUT_SMALLEST));
	for (a = 0; a < g->n; a++) {
		for (b = 0; b < g->n; b++) {
			if (a == b || !(set & BIT(a)) || !(set & BIT(b)) ||
			    !(m->edge[a] & BIT(b)))
				continue;
			key[0] = epochs ? g->epoch[a] - g->epoch[b]
					: -model_remaining(m, set, a, b);
			key[1] = (int64_t)g->class[a] - g->class[b];
			if (key[0] > best[0] ||
			    (key[0] == best[0] && key[1] > best[1])) {
				memcpy(best, key, sizeof(key));
				best_a = a;
				best_b = b;
			}
		}
	}
	CHECK(f->cut_from == best_a && f->cut_to == best_b);
}

/* All members, each once, along edges as far as can be. */
static void order_check(const struct model *m, const struct finding *f)
{
	uint32_t set = model_members(m, m->lead[f->members[0]]), seen = 0, i;
	int n = __builtin_popcount(set), length = 1;

	CHECK(f->members_n == f->members_total);
	CHECK((int)f->members_n == n);
	for (i = 0; i < f->members_n; i++)
		seen |= BIT(f->members[i]);
	CHECK(seen == set);
	if (f->kind == FINDING_LOST || n > 6)
		return;
	while (length < n &&
	       m->edge[f->members[length - 1]] & BIT(f->members[length]))
		length++;
	CHECK(length == model_longest(m, set, 0, f->members[0], NODE_NONE));
	if (model_longest(m, set, 0, f->members[0], f->cut_from) == n)
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
	CHECK(count == (uint32_t)__builtin_popcount(model.instances));
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
		graph = make_graph(&m);
		graph_check(&graph);
		make_free(&m);
		if (seed % 256 == 0)
			arenas_drop();
	}
}

/* Every allocation fails once: each time -ENOMEM, at last success. */
static void memory_is_short(void **state)
{
	struct make m = {0};
	struct graph graph;
	struct findings found;
	uint32_t i, a;
	long n;
	int err = -ENOMEM;

	(void)state;
	for (i = 0; i < 300; i++) {
		a = make_ring(&m, 3, i); /* so that sets of keys grow */
		make_edge(&m, a, i ? a - 3 : a);
		make_node(&m, i % 7, 1);
	}
	graph = make_graph(&m);
	for (n = 0; err && n < 1000; n++) {
		struct arena arena = {0};

		allow = n;
		err = findings_find(&graph, &arena, &found);
		assert_true(err == 0 || err == -ENOMEM);
		assert_true((allow < 0) == (err != 0));
		allow = -1;
		arenas_drop();
	}
	assert_int_equal(err, 0);
	assert_in_range(n, 40, 999);
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
