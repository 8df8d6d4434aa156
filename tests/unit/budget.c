/* The account of time: it fills, it stops, what is spent stays below it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/config.h"
#include "process/pid.h"
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

#define PAGE 4096ul
#define PAGES 2000ul
#ifdef __SANITIZE_ADDRESS__
#define FEW 1000 /* its shadow, too */
#else
#define FEW 200 /* of other memory, on the way */
#endif

static char *old; /* pages that the program had before its scan */

static char *map(size_t pages)
{
	char *got = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(got != MAP_FAILED);
	madvise(got, pages * PAGE, MADV_NOHUGEPAGE);
	return got;
}

static void touch(char *pages, size_t n)
{
	while (n--)
		*(volatile char *)(pages + n * PAGE) = 1;
}

static void tell(int to)
{
	assert_int_equal(write(to, "", 1), 1);
}

static void wait_for(int from)
{
	char c;

	assert_int_equal(read(from, &c, 1), 1);
}

/* What a scan's child counts while the program touches so many pages that it
 * has, and so many new ones. */
static uint64_t counted(size_t copies, size_t fresh)
{
	char *place = map(fresh + 1);
	uint64_t before, *copied;
	int go[2], gone[2], status;
	pid_t pid;

	copied = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(copied != MAP_FAILED);
	assert_int_equal(pipe(go) | pipe(gone), 0);
	touch(old, PAGES);
	before = budget_faults();
	pid = fork();
	if (!pid) {
		if (!budget_watch())
			_exit(1);
		tell(go[1]);
		wait_for(gone[0]);
		*copied = budget_copied(before);
		_exit(0);
	}
	wait_for(go[0]);
	touch(old, copies);
	touch(place, fresh);
	tell(gone[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	munmap(place, (fresh + 1) * PAGE);
	return *copied;
}

/* A page that is new to the program was not copied. */
static void counts_copies_alone(void **state)
{
	(void)state;
	pid_note();
	old = map(PAGES);
	assert_in_range(counted(0, 0), 0, FEW);
	assert_in_range(counted(PAGES, 0), PAGES, PAGES + FEW);
	assert_in_range(counted(0, PAGES), 0, FEW);
	assert_in_range(counted(PAGES, PAGES / 2), PAGES, PAGES + FEW);
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
		cmocka_unit_test(counts_copies_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
