/* What scans said of a finding, and of findings that are one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "model/finish.h"
#include "model/history.h"
#include "model/memory.h"
#include "model/model.h"

static struct program programs[3];

/* The count is that of the scan, times so many. */
static void saw(struct report *report, size_t program, struct finding *finding,
		uint64_t first, uint64_t last, uint64_t times)
{
	report->program = &programs[program];
	finding->program = program;
	for (; first <= last; first++)
		history_add(report, finding,
			    &(struct moment){first, first * times, first});
}

static void assert_points(const struct finding *finding, size_t n,
			  const uint64_t (*points)[2])
{
	struct moment got[HISTORY_POINTS];
	size_t i;

	assert_int_equal(history_points(finding->history, got), n);
	for (i = 0; i < n; i++) {
		assert_int_equal(got[i].scan, points[i][0]);
		assert_int_equal(got[i].count, points[i][1]);
	}
}

static void the_last_scan_is_there(void **state)
{
	struct report *report = report_new();
	struct moment points[HISTORY_POINTS];
	uint64_t last;
	size_t n;

	(void)state;
	assert_int_equal(history_points(NULL, points), 0);
	for (last = 1; last < 500; last++) {
		struct finding finding = {0};

		saw(report, 1, &finding, 1, last, 2);
		n = history_points(finding.history, points);
		assert_in_range(n, 1, HISTORY_POINTS);
		assert_int_equal(points[n - 1].scan, last);
		assert_int_equal(points[n - 1].count, 2 * last);
		while (--n)
			assert_true(points[n - 1].scan < points[n].scan);
	}
	report_free(report);
}

static void scans_of_another_program_are_dropped(void **state)
{
	static const uint64_t points[][2] = {{5, 5}, {6, 6}};
	struct report *report = report_new();
	struct finding finding = {0};

	(void)state;
	saw(report, 1, &finding, 1, 3, 1);
	saw(report, 2, &finding, 5, 6, 1);
	assert_points(&finding, 2, points);
	report_free(report);
}

static void findings_that_are_one_add_up(void **state)
{
	static const uint64_t points[][2] = {{2, 2},  {3, 3},  {4, 44},
					     {5, 55}, {6, 60}, {7, 70}};
	struct report *report = report_new();
	struct finding early = {0}, late = {0};

	(void)state;
	saw(report, 1, &early, 2, 5, 1); /* gone then */
	saw(report, 1, &late, 4, 7, 10);
	history_join(report, &late, &early);
	assert_points(&late, 6, points);
	report_free(report);
}

static void the_later_program_counts(void **state)
{
	static const uint64_t points[][2] = {{1, 1}, {2, 2}};
	struct report *report = report_new();
	struct finding one = {0}, two = {0}, none = {0};

	(void)state;
	saw(report, 1, &one, 1, 9, 5);
	saw(report, 2, &two, 1, 2, 1);
	history_join(report, &two, &one);
	history_join(report, &two, &none);
	assert_points(&two, 2, points);
	history_join(report, &one, &two);
	assert_points(&one, 2, points);
	history_join(report, &none, &two);
	assert_points(&none, 2, points);
	report_free(report);
}

static void long_ones_stay_short(void **state)
{
	struct report *report = report_new();
	struct moment points[HISTORY_POINTS];
	struct finding a = {0}, b = {0};
	size_t n;

	(void)state;
	saw(report, 1, &a, 1, 1000, 1);
	saw(report, 1, &b, 30, 1001, 1);
	history_join(report, &a, &b);
	n = history_points(a.history, points);
	assert_in_range(n, 16, HISTORY_POINTS);
	assert_int_equal(points[n - 1].scan, 1001);
	assert_int_equal(points[n - 1].count, 1001);
	while (--n)
		assert_true(points[n - 1].scan < points[n].scan);
	report_free(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_scan_is_there),
		cmocka_unit_test(scans_of_another_program_are_dropped),
		cmocka_unit_test(findings_that_are_one_add_up),
		cmocka_unit_test(the_later_program_counts),
		cmocka_unit_test(long_ones_stay_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
