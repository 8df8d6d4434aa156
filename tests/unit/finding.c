/* Findings of graphs drawn by hand. Node numbers are those of make_node(). */
#include "find.h"
#include "graph-make.h"
#include "graph/finding.h"
#include "graph/graph.h"

static void nothing(void **state)
{
	(void)state;
	find(0);
}

static void lost_block(void **state)
{
	const struct finding *f;

	(void)state;
	make_node(&m, 0, 24);
	find(1);
	f = with(0);
	assert_int_equal(f->kind, FINDING_LOST);
	assert_int_equal(f->confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(f->members_total, 1);
	assert_int_equal(f->cut_from, NODE_NONE);
	assert_int_equal(f->cut_to, NODE_NONE);
	assert_int_equal(f->cut_reason, CUT_NONE);
	assert_false(f->nested);
	sums_are(f, 1, 24, 0, 0);
}

/* Sizes that are no 32-bit numbers. */
static void large_blocks(void **state)
{
	(void)state;
	make_node(&m, 0, UINT32_MAX - 1ul);
	make_node(&m, 1, UINT32_MAX);
	make_node(&m, 2, 5ul << 30);
	find(3);
	sums_are(with(0), 1, UINT32_MAX - 1ul, 0, 0);
	sums_are(with(1), 1, UINT32_MAX, 0, 0);
	sums_are(with(2), 1, 5ul << 30, 0, 0);
}

/* Those that are no nodes count with the one that is. */
static void lost_alone(void **state)
{
	static const struct lone lone[] = {{0}, {.n = 3, .bytes = 100}};

	(void)state;
	make_ring(&m, 2, 0);
	make_node(&m, 1, 24);
	make_node(&m, 0, 8);
	m.lone = lone;
	find(3);
	sums_are(with(0), 1, 20, 0, 0);
	sums_are(with(2), 4, 124, 0, 0);
	assert_int_equal(with(2)->outer_bytes, 124);
	sums_are(with(3), 1, 8, 0, 0);
}

/* A list head that points at itself folds with one that does not. */
static void self_pointer_is_lost(void **state)
{
	(void)state;
	make_ring(&m, 1, 0);
	make_node(&m, 0, 24);
	find(1);
	assert_int_equal(with(0)->kind, FINDING_LOST);
	sums_are(with(0), 2, 34, 0, 0);
}

static void lost_tree(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 7; i++)
		make_node(&m, 0, 8);
	for (i = 0; i < 3; i++) {
		make_edge(&m, i, 2 * i + 1);
		make_edge(&m, i, 2 * i + 2);
	}
	find(1);
	sums_are(with(0), 1, 8, 6, 48);
}

static void ring_of_two(void **state)
{
	const struct finding *f;

	(void)state;
	make_node(&m, 0, 10); /* the parent's class was seen first ... */
	make_node(&m, 1, 20);
	make_edge(&m, 0, 1);
	make_edge(&m, 1, 0);
	find(1);
	f = with(0);
	assert_int_equal(f->kind, FINDING_CYCLE);
	assert_int_equal(f->members_total, 2);
	assert_int_equal(f->members_n, 2);
	assert_int_equal(f->members[0], 0);
	assert_int_equal(f->members[1], 1);
	assert_int_equal(f->cut_reason, CUT_SMALLEST);
	assert_int_equal(f->cut_from, 1); /* ... the child's edge is cut */
	assert_int_equal(f->cut_to, 0);
	sums_are(f, 1, 30, 0, 0);
}

/* Edges 0→2→1→0: drawn from where the cut leads to, along the edges. */
static void ring_of_three(void **state)
{
	const struct finding *f;

	(void)state;
	make_node(&m, 1, 10);
	make_node(&m, 2, 10);
	make_node(&m, 0, 10);
	make_edge(&m, 0, 2);
	make_edge(&m, 2, 1);
	make_edge(&m, 1, 0);
	find(1);
	f = with(0);
	assert_int_equal(f->cut_from, 0); /* 1 → 0; the other fall of one, */
	assert_int_equal(f->cut_to, 2);	  /* 2 → 1, is later by node */
	assert_int_equal(f->members[0], 2);
	assert_int_equal(f->members[1], 1);
	assert_int_equal(f->members[2], 0);
}

static void later_epoch_is_cut(void **state)
{
	uint32_t a;

	(void)state;
	a = make_ring(&m, 4, 0);
	m.epoch[a] = 9;
	m.epoch[a + 1] = 7; /* falls by two to the next */
	m.epoch[a + 2] = 5;
	m.epoch[a + 3] = 8; /* rises from 5, and on to 9 */
	find(1);
	assert_int_equal(with(a)->cut_reason, CUT_EPOCH);
	assert_int_equal(with(a)->cut_from, a);
	teardown(NULL);
	a = make_ring(&m, 3, 0);
	m.epoch[a + 1] = 1;
	m.epoch[a + 2] = 3;
	find(1);
	assert_int_equal(with(a)->cut_from, a + 2);
	assert_int_equal(with(a)->members[0], a);
}

static void ring_of_50000(void **state)
{
	const struct finding *f;
	uint32_t i;

	(void)state;
	make_ring(&m, 50000, 0);
	find(1);
	f = with(1);
	assert_int_equal(f->members_total, 50000);
	assert_int_equal(f->members_n, FINDING_MEMBERS_MAX);
	assert_int_equal(f->cut_from, 0);
	for (i = 0; i < FINDING_MEMBERS_MAX; i++)
		assert_int_equal(f->members[i], i); /* the cut first */
	sums_are(f, 1, 500000, 0, 0);
}

/* A doubly linked ring of 50,000 with a head that all lead back to. */
static void large_knot(void **state)
{
	uint32_t i, n = 50000;

	(void)state;
	make_ring(&m, n, 1);
	make_node(&m, 0, 10);
	for (i = 0; i < n; i++) {
		make_edge(&m, i, (i + n - 1) % n);
		make_edge(&m, i, n);
	}
	make_edge(&m, n, 0);
	find(1);
	assert_int_equal(with(0)->members_total, n + 1);
	assert_int_equal(with(0)->cut_from,
			 n); /* its one edge frees the head */
}

/* One edge is on every cycle: without it nothing remains. */
static void cut_leaves_the_least(void **state)
{
	const struct finding *f;

	(void)state;
	make_ring(&m, 5, 0);
	make_edge(&m, 0, 2); /* chords: 0→1 and 1→2 are on one cycle only */
	make_edge(&m, 2, 4); /* as are 2→3, 3→4; 4→0 is on all */
	find(1);
	f = with(0);
	assert_int_equal(f->cut_reason, CUT_SMALLEST);
	assert_int_equal(f->cut_from, 4);
	assert_int_equal(f->cut_to, 0);
	assert_int_equal(f->members[4], 4); /* the long way round */
}

static void two_rings_one_way(void **state)
{
	uint32_t a, b;

	(void)state;
	a = make_ring(&m, 2, 0);
	b = make_ring(&m, 3, 1);
	make_edge(&m, a, b);
	find(2);
	assert_ptr_equal(with(a), &found.list[0]);
	sums_are(with(a), 1, 20, 3, 30);
	assert_false(with(a)->nested);
	assert_int_equal(with(a)->nested_n, 1);
	assert_true(with(a)->inner[0] == with(b)->id);
	sums_are(with(b), 1, 30, 0, 0);
	assert_true(with(b)->nested);
	assert_int_equal(with(b)->nested_n, 0);
	assert_int_equal(with(a)->confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(with(b)->confidence, CONFIDENCE_LIKELY);
}

static void two_rings_both_ways(void **state)
{
	uint32_t a, b;

	(void)state;
	a = make_ring(&m, 2, 0);
	b = make_ring(&m, 3, 1);
	make_edge(&m, a, b);
	make_edge(&m, b + 1, a);
	find(1);
	assert_int_equal(with(a)->members_total, 5);
	sums_are(with(a), 1, 50, 0, 0);
}

static void ring_with_tail(void **state)
{
	uint32_t a;

	(void)state;
	a = make_ring(&m, 2, 0);
	make_node(&m, 1, 100);
	make_node(&m, 1, 1000);
	make_edge(&m, a + 1, 2);
	make_edge(&m, 2, 3);
	make_edge(&m, a, 3); /* held twice, counted once */
	make_edge(&m, 3, 3);
	find(1);
	sums_are(with(a), 1, 20, 2, 1100);
}

static void tree_holds_ring(void **state)
{
	uint32_t root, leaf, a;

	(void)state;
	root = make_node(&m, 0, 1);
	leaf = make_node(&m, 0, 2);
	a = make_ring(&m, 2, 1);
	make_edge(&m, root, leaf);
	make_edge(&m, leaf, a);
	find(2);
	assert_int_equal(with(root)->kind, FINDING_LOST);
	sums_are(with(root), 1, 1, 3, 22);
	assert_true(with(a)->nested);
	sums_are(with(a), 1, 20, 0, 0);
}

static void lost_ring_ring(void **state)
{
	uint32_t root, a, b;

	(void)state;
	root = make_node(&m, 0, 1);
	a = make_ring(&m, 2, 1);
	b = make_ring(&m, 2, 2);
	make_edge(&m, root, a);
	make_edge(&m, root, b); /* the ring is nearer */
	make_edge(&m, a, b);
	find(3);
	sums_are(with(root), 1, 1, 4, 40);
	sums_are(with(a), 1, 20, 2, 20);
	sums_are(with(b), 1, 20, 0, 0);
	assert_int_equal(with(root)->nested_n, 1);
	assert_true(with(root)->inner[0] == with(a)->id);
	assert_true(with(a)->inner[0] == with(b)->id);
}

static void thousand_rings_by_two_paths(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		make_ring(&m, 2, i % 10 < 3);
	find(2);
	sums_are(&found.list[0], 700, 14000, 0, 0);
	sums_are(&found.list[1], 300, 6000, 0, 0);
	assert_int_equal(found.list[1].members[0], 1);
	assert_int_equal(found.list[0].members[0], 7);
}

/* Members on no ring of all of them: each follows from one before it. */
static void figure_of_eight(void **state)
{
	const struct finding *f;

	(void)state;
	make_ring(&m, 3, 0); /* 0→1→2→0 */
	make_node(&m, 0, 10);
	make_node(&m, 0, 10);
	make_edge(&m, 1, 3); /* 1→3→4→1 */
	make_edge(&m, 3, 4);
	make_edge(&m, 4, 1);
	find(1);
	f = with(0);
	assert_int_equal(f->cut_from, 0); /* 2 of 3 remain ... */
	assert_int_equal(f->cut_to, 1);	  /* ... whatever is cut */
	assert_int_equal(f->members_n, 5);
	assert_int_equal(f->members[0], 1);
	assert_int_equal(f->members[1], 2);
	assert_int_equal(f->members[2], 0);
	assert_int_equal(f->members[3], 3);
	assert_int_equal(f->members[4], 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing),
		TEST(lost_block),
		TEST(large_blocks),
		TEST(lost_alone),
		TEST(self_pointer_is_lost),
		TEST(lost_tree),
		TEST(ring_of_two),
		TEST(ring_of_three),
		TEST(later_epoch_is_cut),
		TEST(ring_of_50000),
		TEST(large_knot),
		TEST(cut_leaves_the_least),
		TEST(two_rings_one_way),
		TEST(two_rings_both_ways),
		TEST(ring_with_tail),
		TEST(tree_holds_ring),
		TEST(lost_ring_ring),
		TEST(thousand_rings_by_two_paths),
		TEST(figure_of_eight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
