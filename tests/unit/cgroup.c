/* What is left to control groups that end as a whole, read from files like the
 * kernel's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "snapshot/cgroup.h"

#define MB (1ull << 20)

static char mount[] = "/tmp/unit-cgroup.XXXXXX";

static void put(const char *group, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof path, "%s%s/%s", mount, group, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void group(const char *at, int whole, const char *most,
		  unsigned long long used, unsigned long long files)
{
	char path[256], text[256];

	snprintf(path, sizeof path, "%s%s", mount, at);
	mkdir(path, 0700);
	put(at, "memory.oom.group", whole ? "1\n" : "0\n");
	put(at, "memory.max", most);
	snprintf(text, sizeof text, "%llu\n", used);
	put(at, "memory.current", text);
	snprintf(text, sizeof text,
		 "anon 1\nfile 99\ninactive_anon 5\nactive_anon 7\n"
		 "inactive_file %llu\nactive_file %llu\nunevictable 0\n",
		 files / 2, files - files / 2);
	put(at, "memory.stat", text);
}

static void nothing_is_known(void **state)
{
	(void)state;
	assert_int_equal(cgroup_left_of(mount, "/"), UINT64_MAX);
	assert_int_equal(cgroup_left_of("/nowhere", "/a/b"), UINT64_MAX);
}

static void one_process_ends(void **state)
{
	(void)state;
	group("/pod", 0, "104857600\n", 90 * MB, 0);
	assert_int_equal(cgroup_left_of(mount, "/pod"), UINT64_MAX);
}

static void all_end(void **state)
{
	(void)state;
	group("/pod", 1, "104857600\n", 90 * MB, 0);
	assert_int_equal(cgroup_left_of(mount, "/pod"), 10 * MB);
	group("/pod", 1, "104857600\n", 101 * MB, 0);
	assert_int_equal(cgroup_left_of(mount, "/pod"), 0);
	group("/pod", 1, "max\n", 90 * MB, 0);
	assert_int_equal(cgroup_left_of(mount, "/pod"), UINT64_MAX);
}

static void pages_of_files_are_given_up(void **state)
{
	(void)state;
	group("/pod", 1, "104857600\n", 100 * MB, 30 * MB + 1);
	assert_int_equal(cgroup_left_of(mount, "/pod"), 30 * MB + 1);
}

/* A limit further out ends what is marked within it. */
static void groups_stand_in_groups(void **state)
{
	(void)state;
	group("/pod", 0, "104857600\n", 95 * MB, 0);
	group("/pod/in", 1, "max\n", 50 * MB, 0);
	assert_int_equal(cgroup_left_of(mount, "/pod/in"), 5 * MB);
	group("/pod/in", 1, "54525952\n", 50 * MB, 0);
	assert_int_equal(cgroup_left_of(mount, "/pod/in"), 2 * MB);
	group("/pod/in", 0, "54525952\n", 50 * MB, 0);
	group("/pod", 1, "104857600\n", 95 * MB, 0);
	assert_int_equal(cgroup_left_of(mount, "/pod/in"), 5 * MB);
}

static void paths_that_are_too_long(void **state)
{
	char path[2000];
	(void)state;

	memset(path, 'a', sizeof path);
	path[0] = '/';
	path[sizeof path - 1] = 0;
	assert_int_equal(cgroup_left_of(mount, path), UINT64_MAX);
}

static int make(void **state)
{
	(void)state;
	return !mkdtemp(mount);
}

static int clear(void **state)
{
	static const char *names[] = {"oom.group", "max", "current", "stat"};
	static const char *groups[] = {"/pod/in", "/pod", ""};
	char path[256];
	unsigned i, k;
	(void)state;

	for (i = 0; i < 3; i++) {
		for (k = 0; k < 4; k++) {
			snprintf(path, sizeof path, "%s%s/memory.%s", mount,
				 groups[i], names[k]);
			unlink(path);
		}
		snprintf(path, sizeof path, "%s%s", mount, groups[i]);
		rmdir(path);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known),
		cmocka_unit_test(one_process_ends),
		cmocka_unit_test(all_end),
		cmocka_unit_test(pages_of_files_are_given_up),
		cmocka_unit_test(groups_stand_in_groups),
		cmocka_unit_test(paths_that_are_too_long),
	};

	return cmocka_run_group_tests(tests, make, clear);
}
