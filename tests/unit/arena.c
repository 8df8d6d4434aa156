/* Mappings are zeroed, registered while they live, and may be refused. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/pages.h"

static int refuse;

int memory_refuses(size_t bytes)
{
	(void)bytes;
	return refuse;
}

/* How many ranges hold address. */
static int holders(const void *address)
{
	uintptr_t start, end, at = (uintptr_t)address;
	unsigned i;
	int n = 0;

	for (i = 0; pages_range(i, &start, &end); i++)
		n += start <= at && at < end;
	return n;
}

static unsigned ranges(void)
{
	uintptr_t start, end;
	unsigned i;

	for (i = 0; pages_range(i, &start, &end); i++)
		;
	return i;
}

static void map_is_zeroed_and_known(void **state)
{
	char *p = arena_map(10000);
	size_t i;

	(void)state;
	assert_non_null(p);
	assert_int_equal((uintptr_t)p % 4096, 0);
	for (i = 0; i < 3 * 4096; i++)
		assert_int_equal(p[i], 0);
	memset(p, 1, 3 * 4096);
	assert_int_equal(holders(p), 1);
	assert_int_equal(holders(p + 3 * 4096 - 1), 1);
	arena_unmap(p, 10000);
	assert_int_equal(holders(p), 0);
	arena_unmap(NULL, 10000);
}

static void slots_are_used_again(void **state)
{
	unsigned i, before;

	(void)state;
	arena_unmap(arena_map(1), 1);
	before = ranges();
	for (i = 0; i < 100; i++)
		arena_unmap(arena_map(1), 1);
	assert_int_equal(ranges(), before);
}

/* More than one chunk of the registry holds; the chunks are in it too. */
static void many_ranges(void **state)
{
	static void *p[2500];
	uintptr_t start, end, total = 0;
	unsigned i, before = ranges();

	(void)state;
	for (i = 0; i < 2500; i++) {
		p[i] = arena_map(1);
		assert_non_null(p[i]);
	}
	assert_in_range(ranges(), before + 2500, before + 2503);
	for (i = 0; i < 2500; i += 50)
		assert_int_equal(holders(p[i]), 1);
	for (i = 0; pages_range(i, &start, &end); i++)
		total += end - start;
	assert_true(total >= 2500 * 4096 + 3 * 4096 * 4);
	for (i = 0; i < 2500; i++)
		arena_unmap(p[i], 1);
	for (i = 0; i < 2500; i += 50)
		assert_int_equal(holders(p[i]), 0);
}

static void alloc_bumps(void **state)
{
	static const size_t sizes[] = {0,     1,     16,     17,     4096,
				       65536, 65537, 300000, 1 << 20};
	struct arena arena = {0};
	char *last = NULL, *p;
	unsigned i, k;

	(void)state;
	assert_true(arena_is_valid(&arena));
	for (i = 0; i < 2000; i++) {
		size_t size = sizes[i % 9];

		p = arena_alloc(&arena, size);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_ptr_not_equal(p, last);
		for (k = 0; k < size; k += 64)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, size);
		assert_int_equal(holders(p), 1);
		assert_int_equal(size && holders(p + size - 1), size != 0);
		last = p;
	}
	assert_true(arena_is_valid(&arena));
	arena.at++;
	assert_false(arena_is_valid(&arena));
}

static void too_much_is_null(void **state)
{
	struct arena arena = {0};

	(void)state;
	errno = 77;
	assert_null(arena_map(SIZE_MAX));
	assert_null(arena_map(SIZE_MAX / 2));
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX / 2));
	assert_null(arena_array(&arena, SIZE_MAX / 2, 4));
	refuse = 1;
	assert_null(arena_map(1));
	assert_null(arena_alloc(&arena, 1));
	refuse = 0;
	assert_non_null(arena_alloc(&arena, 1));
	assert_int_equal(errno, 77);
}

struct worker {
	pthread_t thread;
	char *kept[50];
};

static void *work(void *arg)
{
	struct worker *worker = arg;
	int i;

	for (i = 0; i < 1000; i++) {
		char *p = arena_map(4096);

		if (!p || *p)
			return "no pages, or not zeroed";
		*p = 1;
		if (i % 20)
			arena_unmap(p, 4096);
		else
			worker->kept[i / 20] = p;
	}
	return NULL;
}

static void threads_share_the_registry(void **state)
{
	struct worker worker[8];
	unsigned before = ranges();
	void *failed;
	int i, k;

	(void)state;
	for (i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&worker[i].thread, NULL, work,
						&worker[i]),
				 0);
	for (i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(worker[i].thread, &failed), 0);
		assert_null(failed);
	}
	assert_true(ranges() < before + 8 * 50 + 100);
	for (i = 0; i < 8; i++) {
		for (k = 0; k < 50; k++) {
			assert_int_equal(holders(worker[i].kept[k]), 1);
			arena_unmap(worker[i].kept[k], 4096);
			assert_int_equal(holders(worker[i].kept[k]), 0);
		}
	}
}

/* What is mapped under a limit counts, until it is given back. */
static void a_limit_is_kept_to(void **state)
{
	void *before = arena_map(1 << 20), *p, *q;

	(void)state;
	arena_limit(1 << 20);
	assert_int_equal(arena_exceeded(), 0);
	p = arena_map(768 << 10);
	assert_non_null(p);
	q = arena_reserve(64 << 20);
	assert_non_null(q);
	assert_null(arena_map((256 << 10) + 1));
	assert_int_equal(arena_exceeded(), 1 << 20);
	arena_unmap(p, 768 << 10);
	p = arena_map(1 << 20);
	assert_non_null(p);
	assert_null(arena_map(1));
	arena_unmap(p, 1 << 20);
	arena_unmap(before, 1 << 20);
	p = arena_map(1 << 20);
	assert_non_null(p);
	assert_null(arena_map(1));
	arena_unmap(p, 1 << 20);
	arena_unmap(q, 64 << 20);
	arena_limit(0);
	p = arena_map(2 << 20);
	assert_non_null(p);
	arena_unmap(p, 2 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_is_zeroed_and_known),
		cmocka_unit_test(slots_are_used_again),
		cmocka_unit_test(many_ranges),
		cmocka_unit_test(alloc_bumps),
		cmocka_unit_test(too_much_is_null),
		cmocka_unit_test(threads_share_the_registry),
		cmocka_unit_test(a_limit_is_kept_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
