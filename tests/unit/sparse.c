/*
 * Rings that are rings although few blocks of a class have their edges, in
 * graphs drawn by hand.
 */
#include "find.h"
#include "graph-make.h"
#include "graph-random.h"
#include "graph/finding.h"
#include "graph/graph.h"

#define N 100

enum { NODE, TABLE, ENTRY, VALUE };

/* So many nodes of one class; the first. */
static uint32_t nodes(uint32_t class, uint32_t n)
{
	uint32_t first = m.n;

	while (n--)
		make_node(&m, class, 10);
	return first;
}

static void is_one_cycle(uint32_t instances, uint32_t members)
{
	assert_int_equal(found.list[0].kind, FINDING_CYCLE);
	assert_int_equal(found.list[0].members_total, members);
	sums_are(&found.list[0], instances, 10ul * m.n, 0, 0);
}

/* Its last edge is the only one of its kind. */
static void long_chain_is_closed(void **state)
{
	uint32_t i, a = nodes(NODE, N);

	(void)state;
	for (i = 0; i + 1 < N; i++)
		make_word(&m, a + i, a + i + 1, 0, 0);
	make_word(&m, a + N - 1, a, 8, 0);
	find(1);
	is_one_cycle(1, N);
}

/* Three of many blocks hold each other, all in their own way. */
static void every_edge_is_sparse(void **state)
{
	uint32_t a = nodes(NODE, N);

	(void)state;
	make_word(&m, a + 3, a + 50, 0, 0);
	make_word(&m, a + 50, a + 80, 8, 0);
	make_word(&m, a + 80, a + 3, 16, 0);
	find(2);
	assert_int_equal(with(a + 3)->kind, FINDING_CYCLE);
	sums_are(with(a + 3), 1, 30, 0, 0);
	assert_int_equal(with(a)->kind, FINDING_LOST);
	sums_are(with(a), N - 3, 10 * (N - 3), 0, 0);
}

/* The same by the insides of the blocks. */
static void links_inside(void **state)
{
	uint32_t i, a = nodes(NODE, N);

	(void)state;
	for (i = 2; i < N; i++) {
		make_word(&m, a + i, a + i, 16, 16);
		make_word(&m, a + i, a + i, 24, 16);
	}
	make_word(&m, a, a + 1, 16, 16);
	make_word(&m, a + 1, a, 24, 16);
	find(2);
	sums_are(with(a), 1, 20, 0, 0);
	assert_int_equal(with(a)->kind, FINDING_CYCLE);
}

static void optional_back_pointer(void **state)
{
	uint32_t i, a = nodes(NODE, N), b = nodes(VALUE, N);

	(void)state;
	for (i = 0; i < N; i++) {
		make_word(&m, a + i, b + i, 0, 0);
		if (i % 10 == 0)
			make_word(&m, b + i, a + i, 0, 0);
	}
	find(2);
	sums_are(with(a), N / 10, 20 * N / 10, 0, 0);
	assert_int_equal(with(a)->kind, FINDING_CYCLE);
	sums_are(with(a + 1), N - N / 10, 10 * (N - N / 10), N - N / 10,
		 10 * (N - N / 10));
}

/* What few blocks of a ring hold besides, and what holds them, is of it. */
static void optional_third(void **state)
{
	uint32_t i, a = nodes(NODE, N), b = nodes(VALUE, N);
	uint32_t c = nodes(ENTRY, N / 5);

	(void)state;
	for (i = 0; i < N; i++) {
		make_word(&m, a + i, b + i, 0, 0);
		make_word(&m, b + i, a + i, 0, 0);
		if (i % 5)
			continue;
		make_word(&m, a + i, c + i / 5, 8, 0);
		make_word(&m, c + i / 5, a + i, 0, 0);
	}
	find(2);
	assert_int_equal(with(c)->members_total, 3);
	sums_are(with(c), N / 5, 30 * N / 5, 0, 0);
	sums_are(with(a + 1), N - N / 5, 20 * (N - N / 5), 0, 0);
}

/* Tables whose entries stand anywhere, in chains where they collide. Each entry
 * is in a ring of its own, too. */
static void tables(void **state)
{
	uint32_t i, k, t, e;

	(void)state;
	for (i = 0; i < 50; i++) {
		uint32_t slot[64] = {0};

		t = make_node(&m, TABLE, 10);
		for (k = 0; k < 8; k++) {
			uint32_t at = below(64);

			e = make_node(&m, ENTRY, 10);
			make_node(&m, VALUE, 10);
			make_word(&m, e, t, 0, 0);
			make_word(&m, e, e + 1, 8, 0);
			make_word(&m, e + 1, e, 0, 0);
			if (slot[at])
				make_word(&m, e, slot[at], 16, 0);
			slot[at] = e;
		}
		for (k = 0; k < 64; k++) {
			if (slot[k])
				make_word(&m, t, slot[k], 8 * k, 0);
		}
	}
	find(2); /* one with chains */
	assert_int_equal(found.list[0].members_total, 17);
	assert_int_equal(found.list[1].members_total, 17);
	assert_int_equal(found.list[0].count + found.list[1].count, 50);
}

/* Arrays that are filled from the front, to any node: one graph, although few
 * have the last slots, and nothing leads straight back. */
static void arrays(void **state)
{
	uint32_t i, k, used, a = nodes(NODE, N);

	(void)state;
	for (i = 0; i < N; i++) {
		make_word(&m, a + i, a + (i + 1) % 10 + i / 10 * 10, 0, 0);
		used = below(3) ? 1 : 2 + below(7);
		for (k = 1; k < used; k++)
			make_word(&m, a + i, a + below(N), 8 * k, 0);
	}
	find(1);
	is_one_cycle(1, N);
}

/* Children on either side, most on one, and a parent pointer. */
static void trees(void **state)
{
	uint32_t i, k;

	(void)state;
	for (i = 0; i < 20; i++) {
		uint32_t root = nodes(NODE, 40), left[40] = {0};
		uint32_t right[40] = {0};

		for (k = 1; k < 40; k++) {
			uint32_t up = 0, *at;

			for (;;) {
				at = below(4) ? &left[up] : &right[up];
				if (!*at)
					break;
				up = *at;
			}
			*at = k;
			make_word(&m, root + k, root + up, 0, 0);
		}
		for (k = 0; k < 40; k++) {
			if (left[k])
				make_word(&m, root + k, root + left[k], 8, 0);
			if (right[k])
				make_word(&m, root + k, root + right[k], 16, 0);
		}
	}
	find(1);
	is_one_cycle(20, 40);
}

/* Next and previous, of lists of any length. */
static void lists(void **state)
{
	uint32_t i, k, a, lone = 0;

	(void)state;
	for (i = 0; i < 60; i++) {
		uint32_t length = 1 + i % 7;

		a = nodes(NODE, length);
		lone += length == 1;
		for (k = 0; k + 1 < length; k++) {
			make_word(&m, a + k, a + k + 1, 0, 0);
			make_word(&m, a + k + 1, a + k, 8, 0);
		}
	}
	find(2);
	assert_int_equal(with(1)->kind, FINDING_CYCLE);
	sums_are(with(1), 60 - lone, 10 * (m.n - lone), 0, 0);
	sums_are(with(0), lone, 10 * lone, 0, 0);
}

static void single_instance(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 8; i++)
		make_node(&m, i, 10);
	for (i = 0; i < 8; i++) {
		make_word(&m, i, (i + 1) % 8, 0, 8 * i);
		make_word(&m, i, (i + 3) % 8, 8, 0);
	}
	find(1);
	is_one_cycle(1, 8);
}

/* A block that only few of the rings hold stays with them, although an old
 * word in it leads back. */
static void optional_leaf(void **state)
{
	uint32_t i, a = nodes(NODE, N), b = nodes(VALUE, N);
	uint32_t c = nodes(ENTRY, N / 5);

	(void)state;
	for (i = 0; i < N; i++) {
		make_word(&m, a + i, b + i, 0, 0);
		make_word(&m, b + i, a + i, 0, 0);
		if (i % 5)
			continue;
		make_word(&m, a + i, c + i / 5, 8, 0);
		make_word(&m, c + i / 5, a + (i + 5) % N, 8 * i, 8 * i);
	}
	find(1);
	sums_are(&found.list[0], N, 20 * N, N / 5, 10 * N / 5);
}

/* What macros told is no old word, however rare. */
static void told_link(void **state)
{
	uint32_t i, a = nodes(NODE, N), b = nodes(VALUE, N);

	(void)state;
	for (i = 0; i < N; i++) {
		make_word(&m, a + i, b + i, 0, 0);
		make_word(&m, b + i, a + i, 0, 0);
	}
	make_link(&m, a, a + 1, 1, false);
	m.place[m.edges - 1].offset = 8;
	make_link(&m, a + 1, a, 2, false);
	m.place[m.edges - 1].offset = 8;
	find(2);
	assert_int_equal(with(a)->members_total, 4);
	sums_are(with(a), 1, 40, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(long_chain_is_closed),
		TEST(every_edge_is_sparse),
		TEST(links_inside),
		TEST(optional_back_pointer),
		TEST(optional_third),
		TEST(tables),
		TEST(arrays),
		TEST(trees),
		TEST(lists),
		TEST(single_instance),
		TEST(optional_leaf),
		TEST(told_link),
	};

	random_state = 0x9e3779b97f4a7c15u;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
