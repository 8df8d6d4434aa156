/* The account of time: it fills, it stops, what is spent stays below it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/config.h"
#include "snapshot/budget.h"

#define SECOND 1000000ull
#define START (1000 * SECOND) /* clocks do not begin with 0 */

static void begin(uint32_t budget)
{
	config.budget = budget;
	config.interval_us = 1;
	budget_init(START);
}

static void nothing_without(void **state)
{
	(void)state;
	begin(0);
	assert_false(budget_allows(START, 0));
	assert_false(budget_allows(START + 1000000 * SECOND, 0));
}

/* The share of four seconds, in advance and at most. */
static void piles_up_so_far(void **state)
{
	(void)state;
	begin(500);
	assert_true(budget_allows(START, SECOND / 5));
	assert_false(budget_allows(START + 4 * SECOND, SECOND / 5 + 1));
	assert_true(budget_allows(START + 100000 * SECOND, SECOND / 5));
	budget_charge(START + 100000 * SECOND, SECOND / 5);
	assert_false(budget_allows(START + 100000 * SECOND, 0));
	assert_true(budget_allows(START + 100002 * SECOND, SECOND / 10));
	assert_false(budget_allows(START + 100002 * SECOND, SECOND / 10 + 1));
}

/* Nobody has named an interval or a threshold. */
static void less_where_nobody_asked(void **state)
{
	(void)state;
	begin(500);
	config.interval_us = 0;
	budget_init(START);
	assert_true(budget_allows(START, SECOND / 20));
	assert_false(budget_allows(START + SECOND, SECOND / 20 + 1));
	assert_true(budget_allows(START + 100 * SECOND, SECOND / 20));
	config.threshold = 7;
	budget_init(START);
	assert_true(budget_allows(START, SECOND / 5));
	config.threshold = 0;
}

/* A scan that costs more than that waits until there is enough for it. */
static void saves_for_a_large_one(void **state)
{
	(void)state;
	begin(500);
	assert_false(budget_allows(START + 99 * SECOND, 5 * SECOND));
	assert_true(budget_allows(START + 100 * SECOND, 5 * SECOND));
	budget_charge(START + 100 * SECOND, 5 * SECOND);
	assert_false(budget_allows(START + 100 * SECOND, 0));
	assert_false(budget_allows(START + 199 * SECOND, 5 * SECOND));
	assert_true(budget_allows(START + 200 * SECOND, 5 * SECOND));
}

/* What nobody could refuse has to be made good. */
static void debts_are_paid(void **state)
{
	(void)state;
	begin(1000);
	budget_charge(START, 12 * SECOND);
	assert_false(budget_allows(START + 120 * SECOND, 0));
	assert_true(budget_allows(START + 121 * SECOND, 0));
}

/* A heap that grows without end, asked every second. */
static void growing_scans_stay_below(void **state)
{
	uint64_t now, spent = 0, cost = SECOND / 100;
	unsigned scans = 0;

	(void)state;
	begin(500);
	for (now = START; now < START + 6000 * SECOND; now += SECOND) {
		if (!budget_allows(now, cost))
			continue;
		budget_charge(now, cost);
		spent += cost;
		scans++;
		cost += cost / 20;
		assert_true(spent <= SECOND || spent <= (now - START) / 20);
	}
	assert_true(scans > 100);
	assert_true(spent > 250 * SECOND);
}

/* The clock that is read may lag behind the one of the last charge. */
static void time_may_stand_still(void **state)
{
	(void)state;
	begin(500);
	budget_charge(START + 30 * SECOND, SECOND / 10);
	assert_true(budget_allows(START + 29 * SECOND, SECOND / 10));
	assert_false(budget_allows(START + 29 * SECOND, SECOND * 11 / 100));
}

/* When a scan can be paid for, to the microsecond. */
static void tells_when(void **state)
{
	uint64_t now = START + 50 * SECOND, at;

	(void)state;
	begin(500);
	assert_true(budget_when(now, SECOND / 5) == now);
	budget_charge(now, SECOND / 5);
	for (uint64_t cost = 0; cost < SECOND; cost += 12345) {
		at = budget_when(now, cost);
		assert_true(budget_allows(at, cost));
		assert_false(budget_allows(at - 20, cost));
	}
	begin(0);
	assert_true(budget_when(now, 0) == UINT64_MAX);
}

/* What hooks spend counts at once, and is not lost when a scan is charged. */
static void hooks_spend(void **state)
{
	uint64_t now = START + 50 * SECOND;

	(void)state;
	begin(500);
	budget_spend(SECOND / 10);
	assert_true(budget_allows(now, SECOND / 10));
	assert_false(budget_allows(now, SECOND / 10 + 1));
	budget_charge(now, SECOND / 20);
	assert_true(budget_allows(now, SECOND / 20));
	assert_false(budget_allows(now, SECOND / 20 + 1));
}

static void sums_the_parts(void **state)
{
	(void)state;
	assert_int_equal(budget_cost_us(0, 0, 0), 0);
	assert_int_equal(budget_cost_us(1000, 200, 0), 1200);
	assert_int_equal(budget_cost_us(1000, 200, 100), 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_without),
		cmocka_unit_test(piles_up_so_far),
		cmocka_unit_test(less_where_nobody_asked),
		cmocka_unit_test(saves_for_a_large_one),
		cmocka_unit_test(debts_are_paid),
		cmocka_unit_test(growing_scans_stay_below),
		cmocka_unit_test(time_may_stand_still),
		cmocka_unit_test(tells_when),
		cmocka_unit_test(hooks_spend),
		cmocka_unit_test(sums_the_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
