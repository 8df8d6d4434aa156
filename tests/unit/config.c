/* GORDIAN_OPTIONS: values, escapes, mistakes; the name of the report. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/config.h"
#include "process/chosen.h"

static const struct config *parse(const char *options)
{
	config = (struct config){.budget = 500, .follow = true, .plain = true};
	config_read(options);
	return &config;
}

static const char *path(const char *options, int pid, const char *program)
{
	static char out[CONFIG_PATH];

	parse(options);
	config_report_path(out, pid, program);
	return out;
}

/* Behind the current directory. */
static const char *local(const char *path)
{
	char cwd[CONFIG_PATH];
	size_t n;

	assert_non_null(getcwd(cwd, sizeof cwd));
	n = strlen(cwd);
	assert_memory_equal(path, cwd, n);
	assert_int_equal(path[n], '/');
	return path + n + 1;
}

static void defaults(void **state)
{
	static const char *const none[] = {NULL, "", ":", ":::"};
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		parse(none[i]);
		assert_string_equal(local(config.report), "gordian.%p.jsonl");
		assert_string_equal(config.run, "");
		assert_string_equal(config.warning, "");
		assert_int_equal(config.interval_us, 0);
		assert_int_equal(config.threshold, 0);
		assert_int_equal(config.check_stacks, 0);
		assert_int_equal(config.budget, 500);
		assert_int_equal(config.memory, 0);
		assert_true(config.follow && config.plain);
	}
}

static void all_of_them(void **state)
{
	(void)state;
	parse("report=/x/y.jsonl:interval=5:threshold=100000:follow=no:"
	      "run=1-2-3:plain=no:check-stacks=7:budget=2.5:memory=2G:");
	assert_string_equal(config.report, "/x/y.jsonl");
	assert_int_equal(config.interval_us, 5000000);
	assert_int_equal(config.threshold, 100000);
	assert_int_equal(config.check_stacks, 7);
	assert_int_equal(config.budget, 250);
	assert_int_equal(config.memory, 2ull << 30);
	assert_string_equal(config.run, "1-2-3");
	assert_false(config.follow);
	assert_false(config.plain);
	assert_string_equal(config.warning, "");
	assert_true(parse("follow=no:follow=yes")->follow);
	assert_int_equal(parse("threshold=1:threshold=2")->threshold, 2);
}

static void escapes(void **state)
{
	(void)state;
	assert_string_equal(parse("report=/a\\:b:interval=1")->report, "/a:b");
	assert_int_equal(config.interval_us, 1000000);
	assert_string_equal(parse("report=/a\\\\:interval=1")->report, "/a\\");
	assert_int_equal(config.interval_us, 1000000);
	assert_string_equal(parse("report=/a\\b")->report, "/ab");
	assert_string_equal(parse("report=/a\\")->report, "/a\\");
	assert_string_equal(parse("report=/a=b=c")->report, "/a=b=c");
	assert_string_equal(config.warning, "");
}

static void intervals(void **state)
{
	static const struct {
		const char *options;
		uint64_t us;
	} good[] = {
		{"interval=0", 0},
		{"interval=0.2", 200000},
		{"interval=.25", 250000},
		{"interval=3.", 3000000},
		{"interval=00.0000019", 1},
		{"interval=1.123456789", 1123456},
		{"interval=86400", 86400000000},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(parse(good[i].options)->interval_us,
				 good[i].us);
		assert_string_equal(config.warning, "");
	}
}

static void shares_and_sizes(void **state)
{
	(void)state;
	assert_int_equal(parse("budget=0")->budget, 0);
	assert_int_equal(parse("budget=100")->budget, 10000);
	assert_int_equal(parse("budget=.019")->budget, 1);
	assert_int_equal(parse("memory=1")->memory, 1 << 20);
	assert_int_equal(parse("memory=300M")->memory, 300 << 20);
	assert_int_equal(parse("memory=1000G")->memory, 1000ull << 30);
	assert_string_equal(config.warning, "");
}

static void bad_values(void **state)
{
	static const char *const bad[] = {
		"interval",
		"interval=",
		"interval=.",
		"interval=-1",
		"interval=1.2.3",
		"interval=1s",
		"interval= 1",
		"interval=99999999999999999999",
		"interval=99999999999999",
		"threshold=0",
		"threshold=-5",
		"threshold=1.5",
		"threshold=1k",
		"threshold=",
		"threshold=99999999999999999999",
		"budget",
		"budget=-1",
		"budget=100.01",
		"budget=5%",
		"budget=99999999999999999999",
		"memory=",
		"memory=0",
		"memory=0G",
		"memory=M",
		"memory=MG",
		"memory=1.5G",
		"memory=1K",
		"memory=-1",
		"memory=99999999999999G",
		"memory=99999999999999999999",
		"follow=maybe",
		"follow",
		"report=",
		"report",
	};
	char expected[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		parse(bad[i]);
		snprintf(expected, sizeof expected,
			 "GORDIAN_OPTIONS: bad value '%s%s'", bad[i],
			 strchr(bad[i], '=') ? "" : "=");
		assert_string_equal(config.warning, expected);
		assert_int_equal(config.interval_us, 0);
		assert_int_equal(config.threshold, 0);
		assert_int_equal(config.budget, 500);
		assert_int_equal(config.memory, 0);
		assert_true(config.follow);
		assert_string_equal(local(config.report), "gordian.%p.jsonl");
	}
}

/* One warning, of the first; the rest counts. */
static void unknown_options(void **state)
{
	(void)state;
	parse("frobnicate=7:threshold=x:interval=2:colour");
	assert_string_equal(config.warning,
			    "GORDIAN_OPTIONS: unknown option 'frobnicate'");
	assert_int_equal(config.interval_us, 2000000);
	parse("=5");
	assert_string_equal(config.warning,
			    "GORDIAN_OPTIONS: unknown option ''");
	parse("Report=x");
	assert_string_equal(config.warning,
			    "GORDIAN_OPTIONS: unknown option 'Report'");
}

static void patterns(void **state)
{
	(void)state;
	assert_string_equal(path("report=/a.%p.b", 42, "x"), "/a.42.b");
	assert_string_equal(path("report=/%n-%p-%n", 7, "redis"),
			    "/redis-7-redis");
	assert_string_equal(path("report=/%x%%p%", 7, "x"), "/%x%7%");
	assert_string_equal(path("report=/%p%p", 123456789, "x"),
			    "/123456789123456789");
	assert_string_equal(local(path("report=x y", 7, "x")), "x y");
	assert_string_equal(local(path("", 7, "x")), "gordian.7.jsonl");
}

static void too_long(void **state)
{
	static char options[3 * CONFIG_PATH];
	char out[CONFIG_PATH];

	(void)state;
	memset(options, 'x', sizeof options - 1);
	memcpy(options, "report=/", 8);
	parse(options);
	assert_true(strlen(config.report) < CONFIG_PATH);
	config_report_path(out, 1, "x");
	assert_true(strlen(out) < CONFIG_PATH);
	memcpy(options, "run=", 4);
	parse(options);
	assert_string_equal(config.run, "");
	assert_memory_equal(config.warning, "GORDIAN_OPTIONS: bad value", 26);
	assert_true(strlen(config.warning) < sizeof config.warning);
	memset(options, '%', sizeof options - 1);
	memcpy(options, "report=/", 8);
	parse(options);
	config_report_path(out, 1, "x");
	assert_true(strlen(out) < CONFIG_PATH);
	options[8 + 1000] = 0;
	for (int i = 9; i < 1008; i += 2)
		options[i] = 'n';
	parse(options);
	config_report_path(out, 1, "a-name-of-many-letters");
	assert_int_equal(strlen(out), CONFIG_PATH - 1);
}

/* The words of a list, with commas. */
static const char *joined(const char *list)
{
	static char text[CONFIG_PATH];
	char *to = text;

	for (; *list; list += strlen(list) + 1)
		to += sprintf(to, "%s,", list);
	*to = 0;
	return text;
}

static void lists(void **state)
{
	char cwd[CONFIG_PATH], want[3 * CONFIG_PATH];

	(void)state;
	assert_non_null(getcwd(cwd, sizeof cwd));
	config_read("only=a:skip=b*:only=c d:suppressions=x:baseline=/y");
	assert_string_equal(joined(config.only), "a,c d,");
	assert_string_equal(joined(config.skip), "b*,");
	sprintf(want, "--suppressions=%s/x,--baseline=/y,", cwd);
	assert_string_equal(joined(config.accept), want);
	assert_string_equal(config.warning, "");
}

static void empty_names_are_refused(void **state)
{
	static const char *const options[] = {"only=", "skip",
					      "suppressions=", "baseline="};
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		parse(options[i]);
		assert_non_null(strstr(config.warning, "bad value"));
	}
}

static void names_are_chosen(void **state)
{
	static const char list[] = "sh\0*test*\0a*b*c\0";

	(void)state;
	assert_true(chosen_names(list, "sh"));
	assert_true(chosen_names(list, "/usr/bin/sh"));
	assert_true(chosen_names(list, "./my-test-1"));
	assert_true(chosen_names(list, "test"));
	assert_true(chosen_names(list, "abc"));
	assert_true(chosen_names(list, "a-b-bc-c"));
	assert_false(chosen_names(list, "dash"));
	assert_false(chosen_names(list, "sh/x"));
	assert_false(chosen_names(list, "acb"));
	assert_false(chosen_names(list, "abcd"));
	assert_false(chosen_names(list, ""));
	assert_false(chosen_names(list, NULL));
	assert_false(chosen_names("", "sh"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(all_of_them),
		cmocka_unit_test(escapes),
		cmocka_unit_test(intervals),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(unknown_options),
		cmocka_unit_test(patterns),
		cmocka_unit_test(too_long),
		cmocka_unit_test(shares_and_sizes),
		cmocka_unit_test(lists),
		cmocka_unit_test(empty_names_are_refused),
		cmocka_unit_test(names_are_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
