/* What is shown besides members: blocks that a head leads to, and how many
 * words lead to each block. */
#include "find.h"
#include "graph-make.h"
#include "graph/finding.h"

static void keeps(const struct finding *f, uint32_t n, const uint32_t *nodes,
		  const uint32_t *in)
{
	assert_int_equal(f->kept_n, n);
	assert_memory_equal(f->kept, nodes, n * sizeof(*nodes));
	assert_memory_equal(f->in, in, (n + 1) * sizeof(*in));
}

/* The nearest first, and those of one block in the order of its words. */
static void nearest_first(void **state)
{
	static const uint32_t nodes[] = {2, 1, 4, 3};
	static const uint32_t in[] = {0, 2, 1, 3, 1};
	uint32_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		make_node(&m, 0, 8);
	make_edge(&m, 0, 2);
	make_edge(&m, 0, 1);
	make_edge(&m, 0, 2);
	make_edge(&m, 2, 4);
	make_edge(&m, 1, 3);
	make_edge(&m, 1, 4);
	make_edge(&m, 4, 4);
	find(1);
	keeps(with(0), 4, nodes, in);
}

/* Words to itself count; nothing is kept. */
static void head_alone(void **state)
{
	static const uint32_t in[] = {2};

	(void)state;
	make_node(&m, 0, 8);
	make_edge(&m, 0, 0);
	make_edge(&m, 0, 0);
	find(1);
	keeps(with(0), 0, NULL, in);
}

/* A cycle shows its members only; words of what it keeps count too. */
static void cycle_keeps_none(void **state)
{
	const struct finding *f;
	uint32_t held;

	(void)state;
	make_ring(&m, 2, 0);
	held = make_node(&m, 1, 8);
	make_edge(&m, 0, held);
	make_edge(&m, held, held);
	make_node(&m, 2, 8);
	make_edge(&m, 3, 0);
	find(2);
	f = with(0);
	assert_int_equal(f->kept_n, 0);
	assert_int_equal(f->in[f->members[0] == 0 ? 0 : 1], 2);
	assert_int_equal(f->in[f->members[0] == 0 ? 1 : 0], 1);
	f = with(3);
	assert_int_equal(f->kept_n, 3);
	assert_int_equal(f->in[3], 2);
}

/* A list of many: the first are there, the words of all are counted. */
static void no_more_than_fit(void **state)
{
	const struct finding *f;
	uint32_t i;

	(void)state;
	for (i = 0; i < 200000; i++)
		make_node(&m, i > 0, 8);
	for (i = 1; i < m.n; i++) {
		make_edge(&m, 0, i);
		make_edge(&m, i, 1);
	}
	find(1);
	f = with(0);
	assert_int_equal(f->kept_n, FINDING_KEPT_MAX);
	assert_int_equal(f->kept[0], 1);
	assert_int_equal(f->in[1], 200000);
	assert_int_equal(f->kept[FINDING_KEPT_MAX - 1], FINDING_KEPT_MAX);
	assert_int_equal(f->in[FINDING_KEPT_MAX], 1);
}

/* Of many findings the first, which are the largest, show the most. */
static void many_show_less(void **state)
{
	uint32_t i, k, most = 0;

	(void)state;
	for (i = 0; i < 1000; i++) {
		uint32_t head = make_node(&m, i, 1000 + i);

		for (k = 0; k < 30; k++)
			make_edge(&m, head, make_node(&m, 5000, 8));
	}
	find(1000);
	assert_int_equal(found.list[0].kept_n, 30);
	for (i = 1; i < found.n; i++) {
		assert_true(found.list[i].kept_n <= found.list[i - 1].kept_n);
		most += found.list[i].kept_n;
	}
	assert_int_equal(found.list[999].kept_n, 8);
	assert_true(most < 16500);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nearest_first),	TEST(head_alone),
		TEST(cycle_keeps_none), TEST(no_more_than_fit),
		TEST(many_show_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
