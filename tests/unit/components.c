/* Components on graphs whose answer is known; see random-graphs.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "graph-make.h"
#include "graph/components.h"

static struct components find(struct make *m)
{
	struct arena arena = {0};
	struct graph graph = make_graph(m);
	struct components out = {0};

	assert_int_equal(components_find(&graph, &arena, &out), 0);
	assert_true(components_is_valid(&graph, &out));
	return out;
}

static void nothing(void **state)
{
	struct make m = {0};

	(void)state;
	assert_int_equal(find(&m).count, 0);
	make_free(&m);
}

static void one_that_points_at_itself(void **state)
{
	struct make m = {0};

	(void)state;
	make_ring(&m, 1, 0);
	assert_int_equal(find(&m).count, 1);
	make_free(&m);
}

/* A tail before and after a ring: four components, numbered against edges. */
static void ring_in_a_chain(void **state)
{
	struct make m = {0};
	struct components out = {0};
	uint32_t before, ring, after;

	(void)state;
	before = make_node(&m, 0, 1);
	ring = make_ring(&m, 3, 0);
	after = make_node(&m, 0, 1);
	make_node(&m, 0, 1);
	make_edge(&m, before, ring + 1);
	make_edge(&m, ring + 2, after);
	out = find(&m);
	assert_int_equal(out.count, 4);
	assert_int_equal(out.component[ring], out.component[ring + 1]);
	assert_int_equal(out.component[ring], out.component[ring + 2]);
	assert_true(out.component[before] > out.component[ring]);
	assert_true(out.component[ring] > out.component[after]);
	make_free(&m);
}

static void without_an_edge(void **state)
{
	struct arena arena = {0};
	struct make m = {0};
	struct graph graph;
	struct components out = {0};
	uint32_t a;

	(void)state;
	a = make_ring(&m, 3, 0);
	make_edge(&m, a + 1, a); /* 0→1→2→0, 1→0 */
	make_edge(&m, a + 2, a); /* and the last word twice */
	graph = make_graph(&m);
	assert_int_equal(components_alloc(3, 5, &arena, &out), 0);
	components_without(&graph, 2, 0, &out);
	assert_int_equal(out.count, 2);
	assert_int_equal(out.component[0], out.component[1]);
	components_without(&graph, 0, 1, &out);
	assert_int_equal(out.count, 3);
	components_without(&graph, 1, 0, &out);
	assert_int_equal(out.count, 1);
	make_free(&m);
}

/* A million deep: recursion would end the stack. */
static void long_ring_and_long_chain(void **state)
{
	enum { N = 1000000 };
	static uint32_t row[N + 1], to[N];
	struct graph graph = {.n = N, .row = row, .to = to};
	struct arena arena = {0};
	struct components out = {0};
	uint32_t i;

	(void)state;
	for (i = 0; i < N; i++) {
		row[i] = i;
		to[i] = (i + 1) % N;
	}
	row[N] = N;
	assert_int_equal(components_alloc(N, N, &arena, &out), 0);
	components_without(&graph, NODE_NONE, NODE_NONE, &out);
	assert_int_equal(out.count, 1);
	components_without(&graph, N / 2, N / 2 + 1, &out);
	assert_int_equal(out.count, N);
	assert_int_equal(out.component[N / 2], 0);
	assert_int_equal(out.component[N / 2 + 1], N - 1);
}

/* The same, in the memory of the edges. */
static void in_the_graph_itself(void **state)
{
	struct arena arena = {0};
	struct make m = {0};
	struct components plain, out = {0};
	struct graph graph;
	uint32_t i, k, edges;

	(void)state;
	for (i = 0; i < 3000; i++)
		make_node(&m, 0, 1);
	for (i = 0; i < 3000; i++)
		for (k = 0; k < i % 5; k++)
			make_edge(&m, i, i * 2654435761u % (2999 - 500 * k));
	plain = find(&m);
	graph = make_graph(&m);
	edges = graph.row[graph.n];
	graph.room = arena_map((graph.n + 1ul + edges) * sizeof(uint32_t));
	memcpy(graph.room, graph.to, edges * sizeof(uint32_t));
	graph.to = graph.room;
	assert_int_equal(components_find(&graph, &arena, &out), 0);
	assert_int_equal(out.count, plain.count);
	assert_memory_equal(out.component, plain.component,
			    graph.n * sizeof(uint32_t));
	assert_memory_equal(graph.to, m.to, edges * sizeof(uint32_t));
	make_free(&m);
}

static void too_many_nodes(void **state)
{
	struct arena arena = {0};
	struct components out = {0};

	(void)state;
	assert_true(components_alloc(UINT32_MAX, 0, &arena, &out) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing),
		cmocka_unit_test(one_that_points_at_itself),
		cmocka_unit_test(ring_in_a_chain),
		cmocka_unit_test(without_an_edge),
		cmocka_unit_test(long_ring_and_long_chain),
		cmocka_unit_test(in_the_graph_itself),
		cmocka_unit_test(too_many_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
