/* Findings where macros told of counts and links, by hand. */
#include "find.h"
#include "graph-make.h"
#include "graph/finding.h"
#include "graph/graph.h"

/* Node a counts more references than there are words to it. */
static void lost_with_a_count(void **state)
{
	uint32_t a, leaf;

	(void)state;
	a = make_node(&m, 0, 24);
	leaf = make_node(&m, 1, 5);
	make_edge(&m, a, leaf);
	make_count(&m, a, 1);
	make_count(&m, leaf, 1); /* as it should */
	find(1);
	assert_int_equal(with(a)->kind, FINDING_EXCESS);
	assert_int_equal(with(a)->confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(with(a)->cut_reason, CUT_NONE);
	assert_int_equal(with(a)->members_total, 1);
	sums_are(with(a), 1, 24, 1, 5);
	assert_int_equal(with(a)->outer_bytes, 29);
	make_count(&m, a, 0);
	find(1);
	assert_int_equal(with(a)->kind, FINDING_LOST);
	make_count(&m, a, 1);
	make_edge(&m, a, a); /* its own words may be the reference */
	find(1);
	assert_int_equal(with(a)->kind, FINDING_LOST);
	make_count(&m, a, 2);
	m.flags[a] = NODE_SUSPECT; /* who knows what else holds it */
	find(1);
	assert_int_equal(with(a)->kind, FINDING_LOST);
}

/* One word twice is two references. */
static void every_word_may_be_a_reference(void **state)
{
	uint32_t a, b;

	(void)state;
	a = make_node(&m, 0, 1);
	b = make_node(&m, 1, 2);
	make_edge(&m, a, b);
	make_edge(&m, a, b);
	make_count(&m, b, 2);
	find(1);
	sums_are(with(a), 1, 1, 1, 2);
	make_count(&m, b, 3);
	find(2);
	assert_int_equal(with(b)->kind, FINDING_EXCESS);
	assert_int_equal(with(b)->confidence, CONFIDENCE_LIKELY);
	assert_true(with(b)->nested);
	assert_int_equal(with(b)->outer_bytes, 0);
	sums_are(with(b), 1, 2, 0, 0);
	sums_are(with(a), 1, 1, 1, 2);
	assert_true(with(a)->inner[0] == with(b)->id);
}

/* The finding of that kind; there is one. */
static const struct finding *of_kind(enum finding_kind kind)
{
	const struct finding *f = NULL;
	uint32_t i;

	for (i = 0; i < found.n; i++) {
		if (found.list[i].kind != kind)
			continue;
		assert_null(f);
		f = &found.list[i];
	}
	assert_non_null(f);
	return f;
}

/* The excess takes the place of the cycle, which is nested in it. */
static void excess_over_a_cycle(void **state)
{
	const struct finding *excess, *cycle;
	uint32_t a, root;

	(void)state;
	a = make_ring(&m, 3, 0);
	m.class[a + 1] = 1;
	m.classes = 2;
	make_node(&m, 2, 100);
	make_edge(&m, a, 3);
	make_count(&m, a, 1);
	make_count(&m, a + 1, 2);
	find(2);
	excess = of_kind(FINDING_EXCESS);
	cycle = of_kind(FINDING_CYCLE);
	assert_int_equal(excess->members[0], a + 1);
	sums_are(excess, 1, 10, 3, 120);
	sums_are(cycle, 1, 30, 1, 100);
	assert_int_equal(excess->outer_bytes, 130);
	assert_int_equal(cycle->outer_bytes, 0);
	assert_true(cycle->nested && !excess->nested);
	assert_int_equal(excess->nested_n, 1);
	assert_true(excess->inner[0] == cycle->id);
	assert_int_equal(cycle->nested_n, 0);
	assert_int_equal(excess->confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(cycle->confidence, CONFIDENCE_LIKELY);
	root = make_node(&m, 3, 1);
	make_edge(&m, root, a);
	find(3);
	excess = of_kind(FINDING_EXCESS);
	assert_true(excess->nested);
	sums_are(excess, 1, 10, 3, 120);
	sums_are(with(root), 1, 1, 4, 130);
	assert_int_equal(with(root)->nested_n, 1);
	assert_true(with(root)->inner[0] == excess->id);
}

/* Two members of a cycle: the first one holds the second one's finding. */
static void chain_of_excesses(void **state)
{
	const struct finding *first, *second;
	uint32_t a;

	(void)state;
	a = make_ring(&m, 3, 0);
	m.class[a + 1] = 1;
	m.class[a + 2] = 2;
	make_node(&m, 3, 1); /* the classes are there */
	make_count(&m, a + 1, 2);
	make_count(&m, a + 2, 7);
	find(4);
	first = second = NULL;
	for (uint32_t i = 0; i < found.n; i++) {
		if (found.list[i].kind != FINDING_EXCESS)
			continue;
		if (found.list[i].members[0] == a + 1)
			first = &found.list[i];
		else
			second = &found.list[i];
	}
	assert_non_null(first);
	assert_non_null(second);
	assert_true(first->inner[0] == second->id);
	assert_true(second->inner[0] == of_kind(FINDING_CYCLE)->id);
	sums_are(first, 1, 10, 2, 20);
	sums_are(second, 1, 10, 2, 20);
	assert_int_equal(first->outer_bytes, 30);
	assert_int_equal(second->outer_bytes, 0);
	assert_true(second->nested && !first->nested);
	/* of one class they are one finding, and each block counts once */
	m.class[a + 2] = 1;
	find(3);
	first = of_kind(FINDING_EXCESS);
	sums_are(first, 2, 20, 1, 10);
	assert_int_equal(first->outer_bytes, 30);
	assert_false(first->nested);
}

/* The kind is part of the id. */
static void excess_has_an_id_of_its_own(void **state)
{
	uint32_t a, b;

	(void)state;
	a = make_node(&m, 0, 1);
	b = make_node(&m, 0, 2);
	make_count(&m, b, 1);
	find(2);
	assert_true(with(a)->id != with(b)->id);
}

static void self_reference_is_a_cycle(void **state)
{
	uint64_t id;
	uint32_t a;

	(void)state;
	a = make_ring(&m, 1, 0);
	m.flags[a] = NODE_SELF;
	find(1);
	assert_int_equal(with(a)->kind, FINDING_CYCLE);
	assert_int_equal(with(a)->members_total, 1);
	assert_int_equal(with(a)->cut_reason, CUT_SMALLEST);
	assert_int_equal(with(a)->cut_from, a);
	assert_int_equal(with(a)->cut_to, a);
	sums_are(with(a), 1, 10, 0, 0);
	id = with(a)->id;
	make_count(&m, a, 2); /* one more than its own */
	find(2);
	assert_true(of_kind(FINDING_CYCLE)->id == id);
	sums_are(of_kind(FINDING_EXCESS), 1, 10, 0, 0);
	sums_are(of_kind(FINDING_CYCLE), 1, 10, 0, 0);
	assert_true(of_kind(FINDING_CYCLE)->nested);
	assert_int_equal(of_kind(FINDING_EXCESS)->outer_bytes, 10);
	make_count(&m, a, 1);
	make_edge(&m, make_node(&m, 1, 1), a); /* held: a cycle still */
	find(2);
	assert_true(with(a)->id == id && with(a)->nested);
}

/* Linked by a word that the scan does not know for a pointer. */
static void self_reference_without_a_word(void **state)
{
	(void)state;
	make_node(&m, 0, 1);
	m.flags[0] = NODE_SELF;
	find(1);
	assert_int_equal(with(0)->kind, FINDING_CYCLE);
	assert_int_equal(with(0)->cut_reason, CUT_NONE);
	assert_int_equal(with(0)->cut_from, NODE_NONE);
}

/* Counts prove it, whatever else points at it. */
static void dead_is_certain(void **state)
{
	uint32_t a, b;

	(void)state;
	a = make_ring(&m, 2, 0);
	make_edge(&m, make_node(&m, 1, 1), a);
	m.flags[a + 1] = NODE_DEAD;
	b = make_ring(&m, 2, 2);
	m.flags[b] = NODE_DEAD | NODE_SUSPECT;
	m.flags[b + 1] = NODE_SUSPECT;
	find(3);
	assert_int_equal(with(a)->confidence, CONFIDENCE_CERTAIN);
	assert_true(with(a)->nested);
	assert_int_equal(with(b)->confidence, CONFIDENCE_CERTAIN);
	m.flags[b] = NODE_SUSPECT;
	find(3);
	assert_int_equal(with(b)->confidence, CONFIDENCE_SUSPECT);
}

static void cut_is(uint32_t from, uint32_t to, enum cut_reason reason)
{
	find(1);
	assert_int_equal(with(from)->cut_reason, reason);
	assert_int_equal(with(from)->cut_from, from);
	assert_int_equal(with(from)->cut_to, to);
}

/* A back pointer before the newest link, that before a later epoch. */
static void links_say_what_to_cut(void **state)
{
	uint32_t a;

	(void)state;
	a = make_ring(&m, 5, 0);
	make_node(&m, 1, 10); /* the last in the ring: 4 → 5 → 0 */
	m.target[4] = a + 5;
	make_edge(&m, a + 5, a);
	m.epoch[a + 3] = 1;
	cut_is(a + 3, a + 4, CUT_EPOCH);
	m.linked = true;
	cut_is(a + 3, a + 4, CUT_EPOCH);
	m.since[0] = 5;
	m.since[1] = 7;
	cut_is(a + 1, a + 2, CUT_CLOSED);
	m.since[5] = 7; /* at the same time: class rule, 5 is later */
	cut_is(a + 5, a, CUT_CLOSED);
	m.back[2] = 1; /* never linked, but named */
	cut_is(a + 2, a + 3, CUT_BACK);
	m.back[0] = 1;
	cut_is(a, a + 1, CUT_BACK);
	m.back[1] = 1;
	cut_is(a + 1, a + 2, CUT_BACK);
	m.back[5] = 1;
	cut_is(a + 5, a, CUT_BACK);
}

/* Of several words from one member to the next the best one counts; a link to
 * what is no member does not. */
static void words_of_one_edge(void **state)
{
	uint32_t a, leaf;

	(void)state;
	a = make_ring(&m, 3, 0);
	make_link(&m, a + 1, a + 2, 4, false);
	make_link(&m, a + 1, a + 2, 9, false);
	make_link(&m, a + 1, a + 2, 3, false);
	make_link(&m, a, a + 1, 8, false);
	leaf = make_node(&m, 1, 1);
	make_link(&m, a, leaf, 99, true);
	make_link(&m, a, a, 99, true);
	cut_is(a + 1, a + 2, CUT_CLOSED);
	make_link(&m, a + 2, a, 1, true);
	make_link(&m, a, a + 1, 2, true);
	make_link(&m, a, a + 1, 0, true);
	make_link(&m, a + 2, a, 7, false); /* newer, but no back pointer */
	cut_is(a, a + 1, CUT_BACK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lost_with_a_count),
		TEST(every_word_may_be_a_reference),
		TEST(excess_over_a_cycle),
		TEST(chain_of_excesses),
		TEST(excess_has_an_id_of_its_own),
		TEST(self_reference_is_a_cycle),
		TEST(self_reference_without_a_word),
		TEST(dead_is_certain),
		TEST(links_say_what_to_cut),
		TEST(words_of_one_edge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
