/*
 * When a place grows: by its counts at the last scans, and the work between
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "graph/growth.h"

static uint64_t work[GROWTH_COUNTS];

/* As many allocations between any two scans. */
static void work_evenly(void)
{
	uint32_t i;

	for (i = 0; i < GROWTH_COUNTS; i++)
		work[i] = 1000 * i; /* none before the start */
}

/* The scans' counts, one after the other. */
static bool grows(const uint32_t *counts, size_t n)
{
	struct growth growth = {0};

	while (n--)
		growth_add(&growth, *counts++);
	return growth_is(&growth, work);
}
#define GROWS(...)                             \
	grows((const uint32_t[]){__VA_ARGS__}, \
	      sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void what_grows_is_listed(void **state)
{
	(void)state;
	work_evenly();
	assert_true(GROWS(100, 200, 300, 400, 500, 600, 700, 800));
	assert_true(GROWS(1, 2, 3, 4, 5, 6, 7, 8));
	assert_true(GROWS(100, 103, 106, 109, 112, 115, 118, 125));
	/* as the default threshold has them */
	assert_true(
		GROWS(10000, 12500, 15625, 19531, 24414, 30517, 38147, 47684));
	/* in six of eight, and a little less in the others */
	assert_true(GROWS(100, 200, 300, 290, 400, 500, 490, 600, 700));
	assert_true(GROWS(100, 200, 200, 300, 400, 400, 500, 600, 700));
	/* it begins late, or only after much else */
	assert_true(GROWS(0, 0, 0, 0, 10, 20, 30, 40, 50, 60, 70));
}

static void what_is_steady_is_not(void **state)
{
	(void)state;
	work_evenly();
	assert_false(GROWS(500, 500, 500, 500, 500, 500, 500, 500, 500));
	/* by less than a fifth */
	assert_false(
		GROWS(1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070, 1080));
	/* in five of eight */
	assert_false(GROWS(100, 200, 200, 200, 200, 300, 400, 500, 600));
	/* up and down */
	assert_false(GROWS(90, 120, 80, 130, 70, 125, 95, 140, 110, 135));
	/* so few that it may be chance */
	assert_false(GROWS(14, 15, 16, 17, 16, 17, 18, 19, 20));
	assert_true(GROWS(14, 15, 16, 17, 17, 18, 19, 20, 21));
}

/* Waves that reach their old height again: a collector, sessions by day. */
static void waves_do_not_grow(void **state)
{
	struct growth growth = {0};
	uint32_t i;

	(void)state;
	work_evenly();
	for (i = 0; i < 24; i++)
		growth_add(&growth, 100 + i % 12 * 100);
	assert_int_equal(growth.count[GROWTH_SCANS], 1200);
	assert_false(growth_is(&growth, work));
	for (i = 12; i < 18; i++)
		growth_add(&growth, 100 + i * 100);
	assert_true(growth_is(&growth, work));
}

static void fill(struct growth *growth)
{
	uint32_t i;

	*growth = (struct growth){0};
	work_evenly();
	for (i = 1; i <= 8; i++)
		growth_add(growth, i * 1000);
}

/* All scans came while a cache was filled, and then one at the end. */
static void what_is_full_does_not_grow(void **state)
{
	struct growth growth;

	(void)state;
	fill(&growth);
	growth_add(&growth, 8100);
	assert_true(growth_is(&growth, work));
	work[GROWTH_SCANS] = 30000;
	assert_false(growth_is(&growth, work));
	/* it still grows as it did */
	growth.count[GROWTH_SCANS] = 30000;
	assert_true(growth_is(&growth, work));
}

/* A cache that fills up: what is new becomes less and less. */
static void what_slows_down_does_not_grow(void **state)
{
	(void)state;
	work_evenly();
	assert_false(GROWS(245, 245, 553, 742, 825, 872, 1024, 1090));
	assert_false(GROWS(100, 245, 553, 742, 825, 872, 1024, 1090, 1179));
	/* because less was done */
	work[5] = work[6] = work[7] = work[8] = work[4] + 1000;
	assert_true(GROWS(742, 825, 872, 1024, 1090, 1130, 1170, 1190));
}

/* Much work before the first scan says nothing. */
static void work_before_does_not_count(void **state)
{
	struct growth growth;
	uint32_t i;

	(void)state;
	fill(&growth);
	for (i = 1; i < GROWTH_COUNTS; i++)
		work[i] += 1000000;
	assert_true(growth_is(&growth, work));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_grows_is_listed),
		cmocka_unit_test(what_is_steady_is_not),
		cmocka_unit_test(waves_do_not_grow),
		cmocka_unit_test(what_is_full_does_not_grow),
		cmocka_unit_test(what_slows_down_does_not_grow),
		cmocka_unit_test(work_before_does_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
