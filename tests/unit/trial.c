/*
 * Trial deletion: by hand, and thousands of small random sets of candidates
 * against the definition, tried on every subset.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/pages.h"
#include "graph-make.h"
#include "graph/trial.h"

#define NODES 8
#define EDGES 32
#define GRAPHS 20000
#define BIT(i) (1u << (i))

static struct {
	uint32_t n, edges;
	int64_t count[NODES];
	bool outside[NODES], found[EDGES], dead[NODES];
	uint32_t from[EDGES], to[EDGES];
} c;
static bool refuse;

int memory_refuses(size_t bytes)
{
	(void)bytes;
	return refuse;
}

static int setup(void **state)
{
	(void)state;
	memset(&c, 0, sizeof(c));
	return 0;
}

static uint32_t object(int64_t count)
{
	c.count[c.n] = count;
	return c.n++;
}

static uint32_t plain(bool outside)
{
	c.outside[c.n] = outside;
	return object(-1);
}

static void hold(uint32_t from, uint32_t to, bool found)
{
	c.from[c.edges] = from;
	c.to[c.edges] = to;
	c.found[c.edges++] = found;
}

/* Two objects that link each other. */
static void ring(int64_t count, int64_t other)
{
	object(count);
	object(other);
	hold(0, 1, false);
	hold(1, 0, false);
}

/* Runs on c; the dead ones as a mask. */
static uint32_t run(void)
{
	uint32_t row[NODES + 1] = {0}, to[EDGES], i, e, n = 0, mask = 0;
	bool found[EDGES];
	struct trial trial = {c.n, c.count, c.outside, row, to, found, c.dead};
	struct arena arena = {0};

	for (i = 0; i < c.n; i++) {
		for (e = 0; e < c.edges; e++) {
			if (c.from[e] != i)
				continue;
			found[n] = c.found[e];
			to[n++] = c.to[e];
		}
		row[i + 1] = n;
	}
	assert_int_equal(trial_run(&trial, &arena), 0);
	for (i = 0; i < c.n; i++)
		mask |= c.dead[i] ? BIT(i) : 0;
	return mask;
}

static void nobody(void **state)
{
	(void)state;
	assert_int_equal(run(), 0);
}

static void linked_ring_is_dead(void **state)
{
	(void)state;
	ring(1, 1);
	assert_int_equal(run(), 3);
}

static void one_more_count_is_live(void **state)
{
	(void)state;
	ring(1, 2);
	assert_int_equal(run(), 0);
	hold(0, 1, false); /* two links, two counts */
	assert_int_equal(run(), 3);
}

/* An uncounted parent pointer looks like a counted one. */
static void found_words_hold_no_object(void **state)
{
	(void)state;
	ring(1, 1);
	c.found[1] = true;
	assert_int_equal(run(), 0);
}

static void self_link(void **state)
{
	(void)state;
	hold(object(1), 0, false);
	assert_int_equal(run(), 1);
	c.count[0] = 2;
	assert_int_equal(run(), 0);
}

/* Dead, were it not for a live one that holds it. */
static void live_holds(void **state)
{
	(void)state;
	ring(1, 2);
	hold(object(1), 1, false); /* itself held by nobody known */
	assert_int_equal(run(), 0);
	c.count[2] = 0;
	assert_int_equal(run(), 7);
}

/* A plain block between objects carries references on. */
static void plain_between(void **state)
{
	(void)state;
	object(1);
	plain(false);
	object(1);
	hold(0, 1, true);
	hold(1, 2, false);
	hold(2, 0, false);
	assert_int_equal(run(), 7);
	c.outside[1] = true;
	assert_int_equal(run(), 0);
	c.outside[1] = false;
	c.count[0] = 2; /* a live object holds it by a found word */
	assert_int_equal(run(), 0);
}

/* Only links: found may be missing; so may outside where all are objects. */
static void arrays_may_be_missing(void **state)
{
	const int64_t count[] = {1, 1};
	const uint32_t row[] = {0, 1, 2}, to[] = {1, 0};
	bool dead[2] = {false, false};
	struct trial trial = {2, count, NULL, row, to, NULL, dead};
	struct arena arena = {0};

	(void)state;
	assert_int_equal(trial_run(&trial, &arena), 0);
	assert_true(dead[0] && dead[1]);
	refuse = true;
	assert_int_equal(trial_run(&trial, &(struct arena){0}), -ENOMEM);
	refuse = false;
}

/*
 * Whether the candidates in set may be dead together: the links among them
 * account for every count, and no other candidate holds one.
 */
static bool closed(uint32_t set)
{
	int64_t need[NODES];
	uint32_t i, e;

	memcpy(need, c.count, sizeof(need));
	for (e = 0; e < c.edges; e++) {
		bool is_plain = c.count[c.to[e]] < 0;

		if (!(set & BIT(c.to[e])) || (c.found[e] && !is_plain))
			continue;
		if (!(set & BIT(c.from[e])))
			return false;
		need[c.to[e]]--;
	}
	for (i = 0; i < c.n; i++) {
		if (set & BIT(i) && (need[i] > 0 || c.outside[i]))
			return false;
	}
	return true;
}

static uint64_t random_state;

static uint32_t below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 33) % n;
}

/* Counts are mostly what the links say. */
static void make_random(void)
{
	uint32_t i, e, n = 1 + below(NODES), plains = below(3), edges;

	for (i = 0; i < n; i++) {
		if (below(6) < plains)
			plain(!below(4));
		else
			object(0);
	}
	edges = below(2 * n + 1);
	for (e = 0; e < edges; e++)
		hold(below(n), below(n), !below(4));
	for (e = 0; e < edges; e++) {
		if (c.count[c.to[e]] >= 0 && !c.found[e] && below(16))
			c.count[c.to[e]]++;
	}
	for (i = 0; i < n; i++) {
		if (c.count[i] >= 0 && !below(6))
			c.count[i]++;
	}
}

static void random_sets_agree(void **state)
{
	uint32_t seed, set, want, most = 0;

	for (seed = 1; seed <= GRAPHS; seed++) {
		setup(state);
		random_state = seed * 0x9e3779b97f4a7c15u;
		make_random();
		for (set = want = 0; set < BIT(c.n); set++)
			want |= closed(set) ? set : 0;
		if (run() != want)
			fail_msg("seed %u: dead %x, not %x", seed, run(), want);
		most += want && want != BIT(c.n) - 1;
	}
	assert_true(most > GRAPHS / 4); /* some dead, some live */
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nobody),
		TEST(linked_ring_is_dead),
		TEST(one_more_count_is_live),
		TEST(found_words_hold_no_object),
		TEST(self_link),
		TEST(live_holds),
		TEST(plain_between),
		TEST(arrays_may_be_missing),
		TEST(random_sets_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
