/* Thousands of records beyond the table's, and threads at once: none is lost or
 * mixed up. */
#include <pthread.h>
#include "heap-seen.h"
#include "heap/heap.h"
#include "heap/heap_word.h"

/* The overflow grows, and its dead entries are not in the way. */
static void overflow_of_thousands(void **state)
{
	struct heap_word word;
	size_t size;
	unsigned i, round;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 4000; i++)
			heap_record(at(BASE + i * 48), (1ul << 28) + i, i, 0);
		assert_int_equal(look()->n, 4000);
		for (i = 0; i < 4000; i++) {
			word = heap_erase(at(BASE + i * 48), &size);
			assert_int_equal(heap_stack(word), i);
			assert_int_equal(size, (1ul << 28) + i);
		}
		assert_int_equal(look()->n, 0);
	}
}

#define WORKERS 8
#define EACH 20000

/* Neighbours in the table belong to different threads; the chunks are new. */
static void *work(void *arg)
{
	uintptr_t me = (uintptr_t)arg, a;
	size_t size, i;

	for (i = 0; i < EACH; i++) {
		a = 2 * BASE +
		    (i * WORKERS + me) * granule * (i % 64 ? 1 : 1024);
		heap_record(at(a), i % 100 ? i : (1ul << 29) + i, me, 0);
		if (i % 500 == 0 && i % 64)
			continue; /* stays */
		if (heap_stack(heap_erase(at(a), &size)) != me ||
		    size != (i % 100 ? i : (1ul << 29) + i))
			return "lost or mixed up";
	}
	return NULL;
}

static void threads_at_once(void **state)
{
	pthread_t thread[WORKERS];
	const struct seen *seen;
	void *failed;
	uintptr_t i;
	uint32_t stay = 0, n[WORKERS] = {0};
	size_t size;

	(void)state;
	for (i = 0; i < EACH; i++)
		stay += i % 500 == 0 && i % 64;
	for (i = 0; i < WORKERS; i++)
		assert_int_equal(
			pthread_create(&thread[i], NULL, work, (void *)i), 0);
	for (i = 0; i < WORKERS; i++) {
		assert_int_equal(pthread_join(thread[i], &failed), 0);
		assert_null(failed);
	}
	seen = look();
	assert_int_equal(seen->n, WORKERS * stay);
	for (i = 0; i < seen->n; i++) {
		n[heap_stack(seen->entry[i].word)]++;
		heap_erase(at(seen->entry[i].address), &size);
		assert_int_equal(size, seen->entry[i].size);
	}
	for (i = 0; i < WORKERS; i++)
		assert_int_equal(n[i], stay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(overflow_of_thousands),
		TEST(threads_at_once),
	};
	int failed = cmocka_run_group_tests_name("granules of 16", tests,
						 begin_16, NULL);

	return failed + cmocka_run_group_tests_name("granules of 32", tests,
						    begin_32, NULL);
}
