/*
 * The cache of what was looked up: a report gets back what another of the same
 * lines had; what is damaged, foreign or out of date changes nothing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/cache.h"
#include "cache/shelf.h"
#include "common/lines.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/source.h"
#include "model/type.h"
#include "symbols/modules.h"
#include "symbols/place.h"
#include "symbols/resolve.h"
#include "debug/store.h"

static const char lines[] =
	"{\"t\":\"program\",\"format\":\"gordian-lines/1\",\"run\":\"r\","
	"\"pid\":1,\"argv\":[\"x\"],\"exe\":\"/x\"}\n"
	"{\"t\":\"finding\",\"scan\":1,\"id\":\"00000000000000aa\",\"kind\":"
	"\"cycle\",\"confidence\":\"certain\",\"count\":1,\"bytes\":48,"
	"\"retained_bytes\":0,\"retained_blocks\":0,\"nested\":[],"
	"\"members_total\":2,\"members\":[{\"address\":\"0x1\",\"size\":32,"
	"\"stack\":0},{\"address\":\"0x2\",\"size\":16,\"stack\":0}],"
	"\"edges\":[{\"from\":0,\"to\":1,\"offset\":8,\"kind\":\"strong\"},"
	"{\"from\":1,\"to\":0,\"offset\":0,\"kind\":\"strong\"}],\"cut\":null,"
	"\"stacks\":[[[0,16],[-1,99]]],\"modules\":[{\"path\":\"/no/such\","
	"\"build_id\":\"abcd\"}]}\n"
	"{\"t\":\"scan\",\"n\":1,\"trigger\":\"exit\",\"blocks\":5}\n"
	"{\"t\":\"end\",\"exit\":0}\n";

static char folder[] = "/tmp/gordian-cache-XXXXXX";

static struct report *report_of(const char *text)
{
	struct report *report = report_new();
	int fd = memfd_create("text", 0);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	lseek(fd, 0, SEEK_SET);
	assert_true(report_read_file(report, fd, "text", LINE_MOST, 0));
	report_finish(report);
	return report;
}

static void forget(struct report *report)
{
	modules_close(report);
	report_free(report);
}

/* A frame that a jump left out stands before the frame of no module. */
static void stack_fill(struct report *report, struct stack *stack)
{
	struct frame *frames = report_take(report, 3, sizeof(*frames));
	struct place *place = place_new(report, 2);

	place->address = 16;
	place->symbols[0].function = "inner";
	place->symbols[0].inlined = true;
	place->symbols[1].function = "outer";
	place->symbols[1].file = "outer.c";
	place->symbols[1].line = 7;
	frames[0] = stack->frames[0];
	frames[0].place = place;
	frames[1] = frames[0];
	frames[1].is_jump = true;
	frames[2] = stack->frames[1];
	stack->frames = frames;
	stack->n = 3;
	stack->has_tails = true;
}

/* As if it had been looked up. */
static void fill(struct report *report)
{
	struct finding *finding = report->findings;
	struct known_type *known = type_new(report, NULL);

	report_resolve(report); /* "/no/such" is missed, with a warning */
	known->type.kind = TYPE_RECORD;
	known->type.language = LANGUAGE_CXX;
	known->type.name = "app::Club";
	finding->members[0].stack->has_tails = false;
	stack_fill(report, finding->members[0].stack);
	finding->members[0].shape = finding->members[1].shape = &known->type;
	finding->members[0].type = "app::Club";
	finding->members[0].type_from = TYPE_FROM_DEBUG;
	finding->edges[1].field = "club";
	finding->edges[1].pointee = &known->type;
	finding->edges[1].ownership = OWN_COUNTED;
}

static void assert_filled(struct report *report)
{
	const struct finding *finding = report->findings;
	const struct member *member = &finding->members[0];
	const struct stack *stack = member->stack;
	const struct place *place = stack->frames[0].place;

	assert_int_equal(stack->n, 3);
	assert_int_equal(place->n, 2);
	assert_string_equal(place->symbols[0].function, "inner");
	assert_true(place->symbols[0].inlined);
	assert_string_equal(place->symbols[1].file, "outer.c");
	assert_int_equal(place->symbols[1].line, 7);
	assert_true(stack->frames[1].is_jump);
	assert_null(stack->frames[2].module);
	assert_ptr_equal(stack, finding->members[1].stack);
	assert_string_equal(member->type, "app::Club");
	assert_int_equal(member->type_from, TYPE_FROM_DEBUG);
	assert_ptr_equal(member->shape, finding->members[1].shape);
	assert_ptr_equal(member->shape, finding->edges[1].pointee);
	assert_int_equal(member->shape->language, LANGUAGE_CXX);
	assert_string_equal(finding->edges[1].field, "club");
	assert_null(finding->edges[0].field);
	assert_int_equal(finding->edges[1].ownership, OWN_COUNTED);
	assert_true(report->modules->is_missing);
	assert_int_equal(texts_count(report->warnings), 1);
}

static void assert_untouched(struct report *report)
{
	const struct finding *finding = report->findings;

	assert_int_equal(finding->members[0].stack->n, 2);
	assert_false(finding->members[0].stack->has_tails);
	assert_null(finding->members[0].type);
	assert_null(finding->members[0].shape);
	assert_null(finding->edges[1].field);
	assert_false(report->modules->is_missing);
	assert_null(report->warnings);
}

static void keep(const char *text)
{
	struct report *report = report_of(text);

	fill(report);
	cache_keep(report, 0);
	forget(report);
}

/* How many files the cache has; the name of one into name. */
static int files_count(char name[64])
{
	DIR *directory = fdopendir(shelf_open());
	struct dirent *entry;
	int n = 0;

	while ((entry = readdir(directory)))
		if (entry->d_name[0] != '.') {
			snprintf(name, 64, "%.63s", entry->d_name);
			n++;
		}
	closedir(directory);
	return n;
}

/* The only file of the cache; its name into name. */
static int only_open(int flags, char name[64])
{
	int shelf = shelf_open(), fd;

	assert_int_equal(files_count(name), 1);
	fd = openat(shelf, name, flags);
	assert_true(fd >= 0);
	close(shelf);
	return fd;
}

static void test_taken(void **state)
{
	struct report *report = report_of(lines);
	struct stat status;
	char name[64];
	int fd;

	(void)state;
	assert_false(cache_take(report));
	assert_untouched(report);
	keep(lines);
	assert_true(cache_take(report));
	assert_filled(report);
	forget(report);
	fd = only_open(O_RDONLY, name);
	assert_false(fstat(fd, &status));
	assert_int_equal(status.st_mode & 0777, 0600);
	close(fd);
}

/* What does not fit on a tape is not kept. */
static void test_unfit(void **state)
{
	struct report *report = report_of(lines);
	char name[64];

	(void)state;
	fill(report);
	report->findings->members[0].type_from = TYPE_FROM_PART + 1;
	cache_keep(report, 0);
	forget(report);
	assert_int_equal(files_count(name), 0);
}

static void test_other_lines(void **state)
{
	char *other = strdup(lines);
	struct report *report;

	(void)state;
	keep(lines);
	*strstr(other, "0x1") = '1';
	report = report_of(other);
	assert_false(cache_take(report));
	assert_untouched(report);
	forget(report);
	free(other);
}

static bool is_taken(const char *text)
{
	struct report *report = report_of(text);
	bool taken = cache_take(report);

	forget(report);
	return taken;
}

/* Keeps what is known of a module of that path, which has no build-id. The
 * report's lines. */
static char *keep_file(const char *path)
{
	char *text = malloc(sizeof(lines) + strlen(path));
	struct report *report;

	strcpy(text, lines);
	sprintf(strstr(text, "/no/such"), "%s%s", path,
		strstr(lines, "/no/such") + strlen("/no/such"));
	memmove(strstr(text, "abcd"), strstr(text, "abcd") + 4,
		strlen(strstr(text, "abcd") + 4) + 1);
	report = report_of(text);
	symbols_of(report, report->modules);
	fill(report);
	cache_keep(report, 0);
	forget(report);
	assert_true(is_taken(text));
	return text;
}

/* A program file of another size or time may have other names. */
static void test_other_file(void **state)
{
	char *text, path[64], command[128];
	struct stat before;

	(void)state;
	snprintf(path, sizeof(path), "%.50s/x", folder);
	snprintf(command, sizeof(command), "cp /bin/true '%s'", path);
	assert_int_equal(system(command), 0);
	text = keep_file(path);
	assert_false(stat(path, &before));
	assert_false(truncate(path, before.st_size + 1));
	assert_false(utimensat(
		AT_FDCWD, path,
		(struct timespec[]){before.st_atim, before.st_mtim}, 0));
	assert_false(is_taken(text));
	assert_false(truncate(path, before.st_size));
	before.st_mtim.tv_nsec ^= 1;
	assert_false(utimensat(
		AT_FDCWD, path,
		(struct timespec[]){before.st_atim, before.st_mtim}, 0));
	assert_false(is_taken(text));
	free(text);
}

/* Debug information may rest on a file of dwz. */
static void test_shared_file(void **state)
{
	char *text, path[64], command[512];

	(void)state;
	snprintf(path, sizeof(path), "%.50s/x", folder);
	snprintf(command, sizeof(command),
		 "cd '%s' && printf 'shared\\0%%020d' 1 >link && objcopy "
		 "--add-section .gnu_debugaltlink=link /proc/%d/exe x "
		 "2>/dev/null",
		 folder, getpid());
	if (system(command))
		skip();
	text = keep_file(path);
	snprintf(command, sizeof(command), "cd '%s' && cp link shared", folder);
	assert_int_equal(system(command), 0);
	assert_false(is_taken(text));
	free(text);
}

static uint64_t *head_of(char *bytes)
{
	return (uint64_t *)bytes; /* magic, key, sum, numbers, bytes of texts */
}

static void sum_right(char *bytes, size_t n)
{
	uint64_t sum = 0xcbf29ce484222325ull;
	size_t i;

	for (i = 8; i < n; i++) {
		if (i == 16)
			i = 40; /* behind the head */
		sum = (sum ^ (unsigned char)bytes[i]) * 0x100000001b3ull;
	}
	head_of(bytes)[2] = sum;
}

/* Each damage to the file is a miss, also where its sum is right. */
static void damage(int fd, char *bytes, size_t n, bool has_sum)
{
	struct report *report = report_of(lines);
	char *copy = malloc(n);

	memcpy(copy, bytes, n);
	if (has_sum)
		sum_right(copy, n);
	assert_int_equal(pwrite(fd, copy, n, 0), n);
	assert_false(ftruncate(fd, (off_t)n));
	if (!cache_take(report))
		assert_untouched(report);
	else
		assert_true(has_sum); /* another text or line: it fits */
	forget(report);
	free(copy);
}

static void test_damaged(void **state)
{
	char name[64], bytes[8192];
	ssize_t n;
	size_t i;
	int fd;

	(void)state;
	keep(lines);
	fd = only_open(O_RDWR, name);
	n = read(fd, bytes, sizeof(bytes));
	assert_in_range(n, 100, sizeof(bytes) - 1);
	for (i = 0; i < (size_t)n; i++) {
		char old = bytes[i];

		bytes[i] = (char)(old ^ 0x41);
		damage(fd, bytes, (size_t)n, false);
		damage(fd, bytes, (size_t)n, true);
		bytes[i] = (char)0xff;
		damage(fd, bytes, (size_t)n, true);
		bytes[i] = old;
		damage(fd, bytes, i, false);
	}
	close(fd);
}

static void test_no_folder(void **state)
{
	struct report *report = report_of(lines);
	char *cache = strdup(getenv("XDG_CACHE_HOME"));
	char name[64];

	(void)state;
	keep(lines);
	close(only_open(O_RDONLY, name));
	setenv("XDG_CACHE_HOME", "/proc/self/no", 1);
	assert_false(cache_take(report));
	keep(lines);
	setenv("XDG_CACHE_HOME", "not/absolute", 1);
	unsetenv("HOME");
	assert_false(cache_take(report));
	assert_int_equal(shelf_open(), -1);
	setenv("XDG_CACHE_HOME", cache, 1);
	assert_true(cache_take(report));
	forget(report);
	free(cache);
}

/* Nothing is made in somebody else's home. */
static void test_foreign_home(void **state)
{
	char home[64], path[80];

	(void)state;
	snprintf(home, sizeof(home), "%s/home", folder);
	assert_false(mkdir(home, 0755));
	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", home, 1);
	snprintf(path, sizeof(path), "%s/.cache", home);
	if (!geteuid() && !chown(home, 65534, 65534)) {
		assert_int_equal(shelf_open(), -1);
		assert_int_equal(access(path, F_OK), -1);
		assert_false(chown(home, 0, 0));
	}
	close(shelf_open());
	assert_int_equal(access(path, F_OK), 0);
}

static void test_bounded(void **state)
{
	char name[64];
	int shelf, i, n = 0;
	size_t size;

	(void)state;
	shelf = shelf_open();
	for (i = 0; i < SHELF_FILES + 9; i++) {
		snprintf(name, sizeof(name), "%d", i);
		shelf_write(shelf, name, "abc", 3);
	}
	for (i = 0; i < SHELF_FILES + 9; i++) {
		char *bytes;

		snprintf(name, sizeof(name), "%d", i);
		bytes = shelf_read(shelf, name, &size);
		n += bytes != NULL;
		free(bytes);
	}
	assert_int_equal(n, SHELF_FILES);
	snprintf(name, sizeof(name), "link");
	assert_false(symlinkat("1", shelf, name));
	assert_null(shelf_read(shelf, name, &size));
	close(shelf);
}

static int setup(void **state)
{
	(void)state;
	strcpy(strrchr(folder, '-'), "-XXXXXX");
	return !mkdtemp(folder) || setenv("XDG_CACHE_HOME", folder, 1);
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unfit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_lines, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_other_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_shared_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_folder, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_foreign_home, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
