/* Instances of one shape fold into one finding, in graphs drawn by hand. Node
 * numbers are those of make_node(). */
#include "find.h"
#include "graph-make.h"
#include "graph/finding.h"
#include "graph/graph.h"

static uint32_t make_family(uint32_t children)
{
	uint32_t i, parent = make_node(&m, 0, 10);

	for (i = 0; i < children; i++) {
		make_node(&m, 1, 10);
		make_edge(&m, parent, parent + 1 + i);
		make_edge(&m, parent + 1 + i, parent);
	}
	return parent;
}

static void children_fold(void **state)
{
	(void)state;
	make_family(3);
	make_family(5);
	find(1);
	sums_are(with(0), 2, 100, 0, 0);
	assert_int_equal(with(0)->members_total, 4);
	assert_int_equal(with(0)->cut_from, 1);
	assert_int_equal(with(0)->cut_to, 0);
}

/* The id is that of the shape: not of numbers, order, sizes or repetition. */
static void id_is_of_the_shape(void **state)
{
	uint64_t id;

	(void)state;
	make_family(2);
	find(1);
	id = found.list[0].id;
	teardown(NULL);
	make_node(&m, 3, 7); /* something else, by class 3 = hash of 4 */
	make_node(&m, 2, 99);
	make_node(&m, 1, 98);
	make_edge(&m, 1, 2);
	make_edge(&m, 1, 2);
	make_edge(&m, 2, 1);
	m.class_hash[1] = 1 * 0x9e3779b97f4a7c15u; /* make_family's 0 and 1 */
	m.class_hash[2] = 2 * 0x9e3779b97f4a7c15u;
	find(2);
	assert_true(with(1)->id == id);
	assert_true(with(0)->id != id);
	m.class_hash[2]++;
	find(2);
	assert_true(with(1)->id != id);
}

/* Classes that share a hash are one. */
static void equal_hashes_fold(void **state)
{
	uint32_t a, b;

	(void)state;
	a = make_ring(&m, 2, 0);
	b = make_ring(&m, 2, 1);
	m.class[b] = 2;
	make_node(&m, 3, 1);
	m.class_hash[1] = m.class_hash[2] = m.class_hash[0];
	find(2);
	sums_are(with(a), 2, 40, 0, 0);
}

static void suspects_are_last(void **state)
{
	uint32_t a, b;

	(void)state;
	a = make_ring(&m, 2, 0);
	b = make_ring(&m, 100, 1);
	m.flags[b] = m.flags[b + 1] = NODE_SUSPECT;
	find(2);
	assert_ptr_equal(with(b), &found.list[1]);
	assert_int_equal(with(b)->confidence, CONFIDENCE_SUSPECT);
	assert_int_equal(with(a)->confidence, CONFIDENCE_CERTAIN);
}

/* The best instance is the one that is shown. */
static void best_confidence_is_shown(void **state)
{
	uint32_t a, b, c;

	(void)state;
	a = make_ring(&m, 2, 0);
	m.flags[a + 1] = NODE_SUSPECT;
	b = make_ring(&m, 2, 0);
	make_edge(&m, make_node(&m, 1, 1), b);
	find(2);
	assert_int_equal(with(b)->confidence, CONFIDENCE_LIKELY);
	assert_false(with(b)->nested);
	c = make_ring(&m, 2, 0);
	make_ring(&m, 2, 0);
	find(2);
	assert_int_equal(with(c)->confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(with(c)->count, 4);
}

static void two_keep_one_block(void **state)
{
	const struct finding *small, *large;
	uint32_t a, b, c;

	(void)state;
	a = make_ring(&m, 2, 0);
	b = make_ring(&m, 2, 1);
	c = make_node(&m, 2, 5);
	make_edge(&m, a, c);
	make_edge(&m, b, c);
	find(2);
	small = with(a)->id < with(b)->id ? with(a) : with(b);
	large = small == with(a) ? with(b) : with(a);
	sums_are(small, 1, 20, 1, 5);
	sums_are(large, 1, 20, 0, 0);
}

/* Each ring holds the next: one finding, which keeps only the tail. */
static void list_of_rings(void **state)
{
	uint32_t i, a = 0, last = NODE_NONE;

	(void)state;
	for (i = 0; i < 3; i++) {
		a = make_ring(&m, 2, 0);
		if (last != NODE_NONE)
			make_edge(&m, last, a);
		last = a;
	}
	make_edge(&m, last, make_node(&m, 1, 7));
	find(1);
	sums_are(with(0), 3, 60, 1, 7);
	assert_false(with(0)->nested);
	assert_int_equal(with(0)->nested_n, 0);
	assert_int_equal(with(0)->confidence, CONFIDENCE_CERTAIN);
	make_edge(&m, make_node(&m, 2, 3), 0);
	find(2);
	assert_true(with(0)->nested);
	assert_int_equal(with(0)->confidence, CONFIDENCE_LIKELY);
	sums_are(with(0), 3, 60, 1, 7);
	sums_are(with(7), 1, 3, 7, 67);
}

/* The shape comes again below another: members of the inner are no retained
 * blocks of the outer, the other's are. */
static void shape_below_itself(void **state)
{
	uint32_t a, b, c;

	(void)state;
	a = make_ring(&m, 2, 0);
	b = make_ring(&m, 3, 1);
	c = make_ring(&m, 2, 0);
	make_edge(&m, a, b);
	make_edge(&m, b, c);
	make_edge(&m, c, make_node(&m, 2, 5));
	find(2);
	sums_are(with(a), 2, 40, 4, 35);
	sums_are(with(b), 1, 30, 3, 25);
	assert_int_equal(with(a)->nested_n, 1);
	assert_int_equal(with(b)->nested_n, 1);
	assert_true(with(b)->nested);
	assert_false(with(a)->nested);
}

/* One block holds every ring of a long list: quadratic when climbed. */
static void long_list_of_rings(void **state)
{
	enum { RINGS = 100000 };
	uint32_t i, root;

	(void)state;
	root = make_node(&m, 1, 1);
	for (i = 0; i < RINGS; i++) {
		uint32_t a = make_ring(&m, 2, 0);

		make_edge(&m, root, a);
		if (i)
			make_edge(&m, a - 2, a);
	}
	find(2);
	sums_are(with(root), 1, 1, 2 * RINGS, 20 * RINGS);
	assert_true(with(1)->nested);
	sums_are(with(1), RINGS, 20 * RINGS, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(children_fold),
		TEST(id_is_of_the_shape),
		TEST(equal_hashes_fold),
		TEST(suspects_are_last),
		TEST(best_confidence_is_shown),
		TEST(two_keep_one_block),
		TEST(list_of_rings),
		TEST(shape_below_itself),
		TEST(long_list_of_rings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
