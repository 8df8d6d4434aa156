/* Lines of /proc/PID/maps, and what each mapping is taken for. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>
#include "scan/maps.h"

static const char program[] =
	"00400000-00401000 r--p 00000000 fe:01 1234                       "
	"/usr/bin/a program\n"
	"00401000-00402000 r-xp 00001000 fe:01 1234                       "
	"/usr/bin/a program\n"
	"00402000-00403000 r--p 00002000 fe:01 1234                       "
	"/usr/bin/a program\n"
	"00403000-00404000 r--p 00002000 fe:01 1234                       "
	"/usr/bin/a program\n"
	"00404000-00405000 rw-p 00003000 fe:01 1234                       "
	"/usr/bin/a program\n"
	"00405000-00406000 rw-p 00000000 00:00 0 \n"
	"01000000-01021000 rw-p 00000000 00:00 0                          "
	"[heap]\n"
	"7f0000000000-7f0000021000 rw-p 00000000 00:00 0 \n"
	"7f0000021000-7f0004000000 ---p 00000000 00:00 0 \n"
	"7f1000000000-7f1000001000 r--s 00000000 fe:01 77                 "
	"/usr/share/locale (deleted)\n"
	"7f1000002000-7f1000003000 rw-s 00000000 00:01 88                 "
	"/dev/shm/x\n"
	"7f1000004000-7f1000005000 rw-s 00000000 00:06 99                 "
	"/dev/dri/card0\n"
	"7f1000006000-7f1000007000 rw-s 00000000 00:01 5                  "
	"/dev/zero (deleted)\n"
	"7f1000008000-7f1000009000 rw-p 00000000 fe:01 78                 "
	"/var/data\n"
	"7f1000009000-7f100000a000 rw-p 00000000 00:00 0 \n"
	"7f100000b000-7f100000c000 rw-p 00000000 fe:02 1234               "
	"/other/device\n"
	"7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                  "
	"[stack]\n"
	"7ffc00030000-7ffc00034000 r--p 00000000 00:00 0                  "
	"[vvar]\n"
	"7ffc00034000-7ffc00036000 r-xp 00000000 00:00 0                  "
	"[vdso]\n"
	"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          "
	"        [vsyscall]\n";

static const struct {
	uintptr_t low;
	enum map_kind kind;
} kinds[] = {
	{0x400000, MAP_NO_ROOT},
	{0x401000, MAP_NO_ROOT},
	{0x402000, MAP_NO_ROOT},
	{0x403000, MAP_OF_MODULE}, /* relocated, then made constant */
	{0x404000, MAP_OF_MODULE},
	{0x405000, MAP_OF_MODULE}, /* bss */
	{0x1000000, MAP_OF_HEAP},
	{0x7f0000000000, MAP_FOREIGN},
	{0x7f0000021000, MAP_NO_ROOT},
	{0x7f1000000000, MAP_NO_ROOT},
	{0x7f1000002000, MAP_FOREIGN},
	{0x7f1000004000, MAP_NO_ROOT},
	{0x7f1000006000, MAP_FOREIGN},
	{0x7f1000008000, MAP_FOREIGN},
	{0x7f1000009000, MAP_FOREIGN}, /* not behind a module */
	{0x7f100000b000, MAP_FOREIGN}, /* same inode, another device */
	{0x7ffc00000000, MAP_OF_STACK},
	{0x7ffc00030000, MAP_NO_ROOT},
	{0x7ffc00034000, MAP_NO_ROOT},
	{0xffffffffff600000, MAP_NO_ROOT},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static void parse(const char *text, struct maps *maps)
{
	int fd = memfd_create("maps", 0);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(maps_read_from(fd, maps), 0);
	close(fd);
}

static void kinds_of_mappings(void **state)
{
	struct maps maps;
	uint32_t i;

	(void)state;
	parse(program, &maps);
	assert_int_equal(maps.n, KINDS);
	for (i = 0; i < KINDS; i++) {
		assert_int_equal(maps.list[i].low, kinds[i].low);
		if (maps.list[i].kind != kinds[i].kind)
			fail_msg("%lx is of kind %d, not %d", kinds[i].low,
				 maps.list[i].kind, kinds[i].kind);
	}
}

static void columns(void **state)
{
	const struct map *m;
	struct maps maps;

	(void)state;
	parse(program, &maps);
	m = &maps.list[1];
	assert_int_equal(m->high, 0x402000);
	assert_true(m->read && m->code && m->file);
	assert_false(m->write || m->shared);
	assert_true(m->id && m->id == maps.list[0].id);
	m = &maps.list[8];
	assert_false(m->read || m->write || m->code || m->file);
	assert_int_equal(m->id, 0);
	m = &maps.list[10];
	assert_true(m->read && m->write && m->shared && m->file);
	assert_true(maps.list[15].id != maps.list[1].id);
	assert_int_equal(maps.list[19].high, 0xffffffffff601000);
}

static void *feed(void *arg)
{
	const char *at = program;
	int fd = *(int *)arg;

	/* of coprime length: tears lines everywhere */
	while (*at) {
		size_t n = strlen(at) < 7 ? strlen(at) : 7;

		if (write(fd, at, n) < 0)
			break;
		at += n;
	}
	close(fd);
	return NULL;
}

static void torn_reads(void **state)
{
	struct maps maps;
	pthread_t thread;
	int ends[2];
	uint32_t i;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pthread_create(&thread, NULL, feed, &ends[1]), 0);
	assert_int_equal(maps_read_from(ends[0], &maps), 0);
	pthread_join(thread, NULL);
	close(ends[0]);
	assert_int_equal(maps.n, KINDS);
	for (i = 0; i < KINDS; i++)
		assert_true(maps.list[i].low == kinds[i].low &&
			    maps.list[i].kind == kinds[i].kind);
}

static void long_names(void **state)
{
	static char text[300000];
	struct maps maps;

	(void)state;
	memset(text, 'x', sizeof text);
	memcpy(text, "1000-2000 rw-p 0 00:00 5 /", 26);
	strcpy(text + 290000, "\n3000-4000 rw-p 0 00:00 0\n");
	parse(text, &maps);
	assert_int_equal(maps.n, 2);
	assert_int_equal(maps.list[0].low, 0x1000);
	assert_int_equal(maps.list[1].low, 0x3000);
}

static void nothing_to_read(void **state)
{
	struct maps maps;

	(void)state;
	parse("", &maps);
	assert_int_equal(maps.n, 0);
	assert_null(maps_find(&maps, 0x1000));
	assert_int_equal(maps_read_from(-1, &maps), -EBADF);
}

static void find(void **state)
{
	struct maps maps;
	uint32_t i;

	(void)state;
	parse(program, &maps);
	for (i = 0; i < maps.n; i++) {
		const struct map *m = &maps.list[i];

		assert_ptr_equal(maps_find(&maps, m->low), m);
		assert_ptr_equal(maps_find(&maps, m->high - 1), m);
		assert_ptr_not_equal(maps_find(&maps, m->high), m);
	}
	assert_null(maps_find(&maps, 0));
	assert_null(maps_find(&maps, 0x3fffff));
	assert_null(maps_find(&maps, 0x406000));
	assert_null(maps_find(&maps, UINTPTR_MAX));
}

static int initialized = 5;
static int zero[100000];

/* What this process itself has. */
static void our_own(void **state)
{
	const struct map *m;
	struct maps maps;
	uint32_t i;
	int local;

	(void)state;
	assert_int_equal(maps_read(&maps), 0);
	for (i = 1; i < maps.n; i++)
		assert_true(maps.list[i - 1].high <= maps.list[i].low);
	m = maps_find(&maps, (uintptr_t)&initialized);
	assert_non_null(m);
	assert_int_equal(m->kind, MAP_OF_MODULE);
	m = maps_find(&maps, (uintptr_t)&zero[90000]);
	assert_non_null(m);
	assert_int_equal(m->kind, MAP_OF_MODULE);
	m = maps_find(&maps, (uintptr_t)&local);
	assert_non_null(m);
	assert_int_equal(m->kind, MAP_OF_STACK);
	m = maps_find(&maps, (uintptr_t)our_own);
	assert_non_null(m);
	assert_true(m->code && m->kind == MAP_NO_ROOT);
}

/* Whether all pages of what is listed are there. Only the size of the answer
 * limits the question. */
static void expect_there(const struct maps *maps)
{
	static unsigned char pages[1 << 18];
	uint32_t i;

	for (i = 0; i < maps->n; i++) {
		const struct map *m = &maps->list[i];

		if (m->kind == MAP_FOREIGN && !m->file &&
		    m->high - m->low <= sizeof pages * 4096 &&
		    mincore((void *)m->low, m->high - m->low, pages))
			fail_msg("%lx-%lx is listed, and gone", m->low,
				 m->high);
	}
}

#define MANY 3000

/* Our own memory, too: it does not go while the list is made. */
static void all_is_there(void **state)
{
	char *many = mmap(NULL, MANY * 8192, PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct maps maps;
	int i;

	(void)state;
	assert_int_equal(maps_read(&maps), 0);
	expect_there(&maps);
	assert_ptr_not_equal(many, MAP_FAILED);
	for (i = 0; i < MANY; i++)
		assert_int_equal(mprotect(many + i * 8192, 4096, PROT_NONE), 0);
	assert_int_equal(maps_read(&maps), 0);
	expect_there(&maps);
	for (i = 0; i < MANY; i++) {
		const struct map *m =
			maps_find(&maps, (uintptr_t)many + i * 8192);

		assert_non_null(m);
		assert_false(m->read);
		assert_true(m[1].read);
	}
	munmap(many, MANY * 8192);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_of_mappings),
		cmocka_unit_test(columns),
		cmocka_unit_test(torn_reads),
		cmocka_unit_test(long_names),
		cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(find),
		cmocka_unit_test(our_own),
		cmocka_unit_test(all_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
