/*
 * Old words glue rings together, in graphs drawn by hand: what is found is as
 * if there were none. Blocks of some classes have a payload that was not
 * written.
 */
#include "find.h"
#include "graph-make.h"
#include "graph-random.h"
#include "graph/finding.h"
#include "graph/graph.h"

#define PAYLOAD 64 /* its offset, ... */
#define WORDS 40   /* ... and how many words it has */
#define SIZE (PAYLOAD + 8 * WORDS)

enum { FRAME, NOTE, LETTER, STAMP, BUFFER, HANDLE };

/* Which nodes are glued, and how: the payload of one in four words leads to any
 * of these. */
static uint32_t glued[5000], glued_n;
static bool exact;

static uint32_t glue_node(uint32_t class)
{
	glued[glued_n++] = make_node(&m, class, SIZE);
	return glued[glued_n - 1];
}

/* Fills the payload of a node. All its other words were made. */
static void payload(uint32_t node)
{
	uint32_t i;

	for (i = 0; i < WORDS; i++) {
		if (!below(4))
			make_word(&m, node, glued[below(glued_n)],
				  PAYLOAD + 8 * i,
				  exact ? 0 : 8 + 8 * below(SIZE / 8 - 1));
	}
}

/* Two blocks that hold each other; the first one. */
static uint32_t pair(uint32_t a_class, uint32_t b_class)
{
	uint32_t a = glue_node(a_class), b = glue_node(b_class);

	make_word(&m, a, b, 0, 0);
	make_word(&m, b, a, 0, 0);
	return a;
}

static void payloads(void)
{
	uint32_t i;

	for (i = 0; i < glued_n; i++) {
		if (m.class[glued[i]] % 2 == 0)
			payload(glued[i]);
	}
}

static int drop(void **state)
{
	glued_n = 0;
	exact = false;
	random_state = 0x9e3779b97f4a7c15u;
	return teardown(state);
}

static void is_one_finding_of_pairs(uint32_t pairs)
{
	const struct finding *f = &found.list[0];

	assert_int_equal(f->kind, FINDING_CYCLE);
	assert_int_equal(f->confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(f->members_total, 2);
	assert_false(f->nested);
	sums_are(f, pairs, 2ul * pairs * SIZE, 0, 0);
	assert_int_equal(f->outer_bytes, 2ul * pairs * SIZE);
	assert_int_equal(f->cut_from, f->members[1]);
	assert_int_equal(f->cut_to, f->members[0]);
}

static void pairs_glued(uint32_t pairs, bool at_beginnings)
{
	uint64_t id;
	uint32_t i;

	drop(NULL);
	for (i = 0; i < pairs; i++)
		pair(FRAME, NOTE);
	find(1);
	is_one_finding_of_pairs(pairs);
	id = found.list[0].id;
	exact = at_beginnings;
	payloads();
	find(1);
	is_one_finding_of_pairs(pairs);
	assert_true(found.list[0].id == id);
}

static void interior_words(void **state)
{
	(void)state;
	pairs_glued(100, false);
	pairs_glued(1000, false);
}

static void exact_words(void **state)
{
	(void)state;
	pairs_glued(100, true);
	pairs_glued(1000, true);
}

/* A kind that half of few have may be chance. */
static void few_pairs(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 3; i < 30; i++)
		pairs_glued(i, false);
	for (i = 16; i < 40; i++)
		pairs_glued(i, true);
}

/* One old word in one block in five, as exact as any. */
static void few_words(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		pair(FRAME, NOTE);
	for (i = 0; i < 200; i += 10)
		make_word(&m, glued[i], glued[(i + 10) % 200], PAYLOAD, 0);
	find(1);
	is_one_finding_of_pairs(100);
}

/* Old words lead into the other block of a pair, too, and to themselves. */
static void within_rings(void **state)
{
	uint64_t id;
	uint32_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		pair(FRAME, NOTE);
	find(1);
	id = found.list[0].id;
	for (i = 0; i < 200; i += 10) {
		make_word(&m, glued[i], glued[i], PAYLOAD, 8 * i);
		make_word(&m, glued[i + 1], glued[i + 1], PAYLOAD, 0);
		make_word(&m, glued[i + 1], glued[i], PAYLOAD + 8, 8 * i);
	}
	find(1);
	is_one_finding_of_pairs(100);
	assert_true(found.list[0].id == id);
}

static void one_class(void **state)
{
	uint32_t i;

	(void)state;
	for (exact = false;; exact = true) {
		glued_n = 0;
		for (i = 0; i < 100; i++)
			pair(FRAME, FRAME);
		payloads();
		find(1);
		is_one_finding_of_pairs(100);
		teardown(NULL);
		if (exact)
			return;
	}
}

/* Rings of two kinds, and both lead into both. */
static void other_classes(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 100; i++) {
		pair(FRAME, NOTE);
		pair(LETTER, STAMP);
	}
	payloads();
	find(2);
	sums_are(with(glued[0]), 100, 200 * SIZE, 0, 0);
	sums_are(with(glued[2]), 100, 200 * SIZE, 0, 0);
	assert_false(with(glued[0])->nested);
	assert_false(with(glued[2])->nested);
}

/* Old words lead one way: one ring is not below the other. */
static void one_way(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		pair(FRAME, NOTE);
	for (i = 0; i < 40; i++)
		pair(LETTER, STAMP);
	for (i = 0; i < 40; i++)
		make_word(&m, glued[2 * i], glued[200 + 2 * i], PAYLOAD, 0);
	find(2);
	sums_are(with(glued[0]), 100, 200 * SIZE, 0, 0);
	assert_int_equal(with(glued[0])->nested_n, 0);
	assert_false(with(glued[200])->nested);
	assert_int_equal(with(glued[200])->outer_bytes, 80 * SIZE);
}

/* A list of rings is no ring. */
static void list(void **state)
{
	uint32_t i, last = 0;

	(void)state;
	for (i = 0; i < 100; i++) {
		uint32_t frame = pair(FRAME, NOTE);

		if (i)
			make_word(&m, frame, last, 8, 0);
		last = frame;
	}
	payloads();
	find(1);
	is_one_finding_of_pairs(100);
}

/* The payload is a block of its own: each ring keeps its own one. */
static void own_payload(void **state)
{
	uint32_t i, frame;

	(void)state;
	for (i = 0; i < 100; i++) {
		frame = pair(FRAME + 1, NOTE);
		make_word(&m, frame, glue_node(BUFFER), 8, 0);
	}
	payloads();
	find(1);
	sums_are(&found.list[0], 100, 200 * SIZE, 100, 100 * SIZE);
}

/* Buffers that are lost are no ring. */
static void lost_buffers(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		glue_node(BUFFER);
	payloads();
	find(1);
	assert_int_equal(found.list[0].kind, FINDING_LOST);
	sums_are(&found.list[0], 100, 100 * SIZE, 0, 0);
}

/* What holds a ring is lost, though rings lead to it by old words. */
static void lost_handles(void **state)
{
	uint32_t i;

	(void)state;
	for (exact = false;; exact = true) {
		glued_n = 0;
		for (i = 0; i < 100; i++) {
			uint32_t frame = pair(FRAME, NOTE);

			make_word(&m, glue_node(HANDLE), frame, 0, 0);
		}
		payloads();
		find(2);
		sums_are(with(glued[2]), 100, 100 * SIZE, 200, 200 * SIZE);
		assert_int_equal(with(glued[2])->kind, FINDING_LOST);
		assert_true(with(glued[0])->nested);
		sums_are(with(glued[0]), 100, 200 * SIZE, 0, 0);
		teardown(NULL);
		if (exact)
			return;
	}
}

/* The allocator's own words are as old, however many have them. */
static void allocator(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		pair(FRAME, NOTE);
	for (i = 0; i < 200; i += 2)
		make_word(&m, glued[i], glued[(i + 2) % 200], 16,
			  GRAPH_ALLOCATOR);
	find(1);
	is_one_finding_of_pairs(100);
}

/* Whatever is glued to whatever: each byte is in one tree. */
static void all_is_told(void **state)
{
	uint32_t i, k, nodes;
	uint64_t outer;

	(void)state;
	for (k = 0; k < 200; k++) {
		random_state = (k + 1) * 0x9e3779b97f4a7c15u;
		exact = below(2);
		nodes = 20 + below(60);
		glued_n = 0;
		for (i = 0; i < nodes; i++)
			glue_node(below(5));
		for (i = 0; i < nodes; i++) {
			if (below(3))
				make_word(&m, i, below(nodes), 0, 0);
			if (below(3) == 0)
				make_word(&m, i, below(nodes), 8, 0);
		}
		payloads();
		make_graph(&m);
		{
			struct arena arena = {0};
			struct graph graph = make_graph(&m);

			assert_int_equal(findings_find(&graph, &arena, &found),
					 0);
			assert_true(findings_is_valid(&graph, &found));
		}
		for (i = 0, outer = 0; i < found.n; i++)
			outer += found.list[i].outer_bytes;
		assert_int_equal(outer, (uint64_t)nodes * SIZE);
		teardown(NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(interior_words, drop, drop),
		cmocka_unit_test_setup_teardown(exact_words, drop, drop),
		cmocka_unit_test_setup_teardown(few_pairs, drop, drop),
		cmocka_unit_test_setup_teardown(few_words, drop, drop),
		cmocka_unit_test_setup_teardown(within_rings, drop, drop),
		cmocka_unit_test_setup_teardown(one_class, drop, drop),
		cmocka_unit_test_setup_teardown(other_classes, drop, drop),
		cmocka_unit_test_setup_teardown(one_way, drop, drop),
		cmocka_unit_test_setup_teardown(list, drop, drop),
		cmocka_unit_test_setup_teardown(own_payload, drop, drop),
		cmocka_unit_test_setup_teardown(lost_buffers, drop, drop),
		cmocka_unit_test_setup_teardown(lost_handles, drop, drop),
		cmocka_unit_test_setup_teardown(allocator, drop, drop),
		cmocka_unit_test_setup_teardown(all_is_told, drop, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
