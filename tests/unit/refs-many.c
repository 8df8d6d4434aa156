/* Very many stacks, links, objects and threads: counts stay right, and memory
 * is used again. */
#include <pthread.h>
#include "base/pages.h"
#include "heap/heap.h"
#include "refs-make.h"
#include "refs/refs.h"

/* More stacks than an object tells apart: none is forgotten in the sum. */
static void many_stacks(void **state)
{
	uintptr_t a = block(64);
	const struct ref_entry *entry;
	int64_t sum = 0;
	uint32_t i, n = 0;

	(void)state;
	refs_object(a, "A", 1, HERE);
	for (i = 0; i < 5000; i++)
		refs_ref(a, 100 + i);
	assert_int_equal(count(a), 5001);
	for (entry = refs_find(a)->entries; entry; entry = entry->next, n++)
		sum += (int64_t)entry->acquires - entry->releases;
	assert_int_equal(sum, 5001);
	assert_true(n < 1000);
	for (i = 0; i < 400; i++)
		refs_unref(a, 100 + i);
	assert_int_equal(balance(a, 100), 0);
}

#define PAIRS 1000000

static void million_pairs(void **state)
{
	uintptr_t a = block(64), t = block(64);
	uintptr_t i, arena_before = 0, start, end, bytes = 0;
	unsigned k;

	(void)state;

	for (i = 0; i < PAIRS; i++) {
		if (i == PAIRS / 10)
			for (k = 0; pages_range(k, &start, &end); k++)
				arena_before += end - start;
		refs_ref(t, TAKE + i % 5);
		refs_link(a, a + i % 8 * 8, "f", t, HERE);
		assert_true(refs_unlink(a + i % 8 * 8));
		refs_unref(t, GIVE + i % 3);
	}
	for (k = 0; pages_range(k, &start, &end); k++)
		bytes += end - start;
	assert_int_equal(count(t), 1);
	assert_int_equal(bytes, arena_before);
}

/* Many objects come and go: their memory is used again. */
static void million_objects(void **state)
{
	uintptr_t a = block(64), start, end, bytes = 0, before = 0;
	unsigned k;
	int i;

	(void)state;

	for (i = 0; i < PAIRS / 4; i++) {
		if (i == PAIRS / 40)
			for (k = 0; pages_range(k, &start, &end); k++)
				before += end - start;
		refs_object(a, "A", 1, HERE);
		refs_ref(a, TAKE);
		refs_link(a, a + 8, "f", a, HERE);
		release_block(a);
		heap_record((const void *)a, 64, MADE, 0);
	}
	for (k = 0; pages_range(k, &start, &end); k++)
		bytes += end - start;
	assert_int_equal(bytes, before);
}

#define WORKERS 8
#define EACH 50000

static uintptr_t common, own[WORKERS];

static void *work(void *arg)
{
	uintptr_t me = (uintptr_t)arg, i;

	for (i = 0; i < EACH; i++) {
		refs_ref(common, 10 + me);
		refs_link(own[me], own[me] + 8, "f", common, 30 + me);
		refs_ref(own[me], 20);
		refs_unref(own[me], 21);
		if (i % 2)
			refs_unref(common, 50 + me);
		if (!refs_unlink(own[me] + 8))
			return "the link is gone";
		if (!(i % 2) && i != 0)
			refs_unref(common, 50 + me);
	}
	return NULL;
}

static void threads_at_once(void **state)
{
	pthread_t thread[WORKERS];
	void *failed;
	uintptr_t i;

	(void)state;
	common = block(64);
	refs_object(common, "Common", 1, HERE);
	for (i = 0; i < WORKERS; i++)
		own[i] = block(64);
	for (i = 0; i < WORKERS; i++)
		assert_int_equal(
			pthread_create(&thread[i], NULL, work, (void *)i), 0);
	for (i = 0; i < WORKERS; i++) {
		assert_int_equal(pthread_join(thread[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(count(common), 1 + WORKERS);
	for (i = 0; i < WORKERS; i++) {
		assert_int_equal(balance(common, 10 + i), 1);
		assert_int_equal(balance(common, 50 + i), 0);
		assert_int_equal(count(own[i]), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_stacks),
		cmocka_unit_test(million_pairs),
		cmocka_unit_test(million_objects),
		cmocka_unit_test(threads_at_once),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
