/* Stacks are interned once, recursion is folded, threads agree on ids; so it
 * stays while the index grows, and where no memory or no id is left. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/pages.h"
#include "stack/depot.h"
#include "stack/depot_node.h"

#define PC(i) (0x400000u + 16 * (uintptr_t)(i))

static void same_frames_same_id(void **state)
{
	uint32_t a = depot_child(0, PC(1), 1), b = depot_child(a, PC(2), 1);
	uint32_t n = depot_count();
	(void)state;

	assert_int_not_equal(a, 0);
	assert_int_not_equal(a, b);
	assert_int_equal(depot_child(0, PC(1), 1), a);
	assert_int_equal(depot_child(a, PC(2), 1), b);
	assert_int_equal(depot_count(), n);
	assert_int_not_equal(depot_child(0, PC(2), 1), b);
	assert_int_not_equal(depot_child(a, PC(2), 2), b);
}

static void frames_come_back(void **state)
{
	uint32_t a = depot_child(0, 0x7fffffffffff, 65535);
	uint32_t b = depot_child(a, 1, 0);
	struct depot_frame frame = depot_frame(b);
	(void)state;

	assert_int_equal(frame.pc, 1);
	assert_int_equal(frame.module, 0);
	assert_int_equal(frame.parent, a);
	frame = depot_frame(a);
	assert_int_equal(frame.pc, 0x7fffffffffff);
	assert_int_equal(frame.module, 65535);
	assert_int_equal(frame.parent, 0);
}

static void recursion_folds(void **state)
{
	uint32_t id = depot_child(0, PC(10), 1), top, n;
	(void)state;

	/* Up to eight functions that call each other come back to where they
	 * were. */
	for (int period = 1; period <= 8; period++) {
		top = id;
		for (int i = 0; i < period; i++)
			top = depot_child(top, PC(100 * period + i), 1);
		n = depot_count();
		for (int i = 0; i < 1000 * period; i++)
			top = depot_child(top, PC(100 * period + i % period),
					  1);
		assert_int_equal(depot_count(), n);
		assert_int_equal(depot_frame(top).pc,
				 PC(100 * period + period - 1));
	}
}

static void nine_do_not_fold(void **state)
{
	uint32_t id = depot_child(0, PC(20), 1), n, first;
	(void)state;

	first = depot_child(id, PC(2000), 1);
	id = first;
	for (int i = 1; i < 9; i++)
		id = depot_child(id, PC(2000 + i), 1);
	n = depot_count();
	assert_int_not_equal(depot_child(id, PC(2000), 1), first);
	assert_int_equal(depot_count(), n + 1);
}

/* What a recursive builder of a binary tree does, by two call sites in each
 * of two functions. */
static void build(uint32_t parent, int depth)
{
	for (int site = 0; depth && site < 4; site++)
		build(depot_child(parent, PC(3000 + site), 1), depth - 1);
}

static void trees_stay_small(void **state)
{
	uint32_t n = depot_count();
	(void)state;

	build(depot_child(0, PC(30), 1), 10);
	assert_in_range(depot_count() - n, 4, 200);
	assert_true(depot_is_valid());
}

#define THREADS 8
#define STACKS 2000
#define DEPTH 12
#define SHARED 1500

static uint32_t ids[THREADS][STACKS];

/* Stack s, of which the first SHARED are the same for all threads. */
static uint32_t stack_of(int thread, int s)
{
	uint32_t id = 0;
	int salt = s < SHARED ? 0 : thread + 1;

	for (int d = 0; d < DEPTH; d++)
		id = depot_child(id, PC(10000 + 1000 * d + (s >> d)), 1 + salt);
	return id;
}

static void *insert_all(void *arg)
{
	int thread = (int)(intptr_t)arg;

	for (int i = 0; i < STACKS; i++) {
		int s = thread & 1 ? STACKS - 1 - i : i;

		ids[thread][s] = stack_of(thread, s);
	}
	return NULL;
}

static void threads_agree(void **state)
{
	pthread_t threads[THREADS];
	uint32_t n = depot_count();
	(void)state;

	for (intptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, insert_all,
						(void *)i),
				 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	n = depot_count() - n;
	for (int i = 0; i < THREADS; i++) {
		for (int s = 0; s < STACKS; s++) {
			assert_int_equal(stack_of(i, s), ids[i][s]);
			if (s < SHARED)
				assert_int_equal(ids[0][s], ids[i][s]);
			else if (i)
				assert_int_not_equal(ids[0][s], ids[i][s]);
		}
	}
	assert_in_range(n, STACKS, THREADS * STACKS * DEPTH);
	assert_true(depot_is_valid());
}

#define MANY 2000000

/* Frame i of many stacks that share little: a tree with eight children each. */
static uint32_t *many;

static uint32_t many_child(uint32_t i)
{
	return depot_child(i < 8 ? 0 : many[i / 8], PC(1000000 + i), 3);
}

/* In pages. */
static long resident(void)
{
	char text[100] = "";
	int fd = open("/proc/self/statm", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
		skip();
	close(fd);
	return strtol(strchr(text, ' '), NULL, 10);
}

/* Seven eighths of its slots are known when an index of this size is left for
 * the next one; it is as large as four pieces. */
#define INDEX_SLOTS (1u << 21)
#define PIECE_PAGES 512

static long gone_at_once, gone_in_all, resident_before;

static void watch(uint32_t nodes)
{
	long now, gone;

	if (nodes < INDEX_SLOTS / 100 * 87 || nodes > INDEX_SLOTS / 100 * 88)
		return;
	now = resident();
	gone = resident_before ? resident_before - now : 0;
	resident_before = now;
	if (gone > gone_at_once)
		gone_at_once = gone;
	if (gone > 0)
		gone_in_all += gone;
}

static void millions_are_found_again(void **state)
{
	uint32_t n = depot_count();
	(void)state;

	many = malloc(MANY * sizeof *many);
	assert_non_null(many);
	for (uint32_t i = 0; i < MANY; i++) {
		many[i] = many_child(i);
		watch(n + i);
	}
	/* the index that was left went back, but not at once */
	assert_in_range(gone_at_once, 1, PIECE_PAGES + 100);
	assert_in_range(gone_in_all, 3 * PIECE_PAGES, 6 * PIECE_PAGES);
	assert_int_equal(depot_count(), n + MANY);
	for (uint32_t i = MANY; i--;)
		assert_int_equal(many_child(i), many[i]);
	assert_int_equal(depot_count(), n + MANY);
	assert_true(depot_is_valid());
	free(many);
}

#define GROWERS 4
#define GROWN 150000

static uint32_t grown[GROWERS][GROWN];

/* All threads add the same ones, each from another place on: the index grows
 * while they meet. */
static void *grow(void *arg)
{
	uint32_t thread = (uintptr_t)arg, i, at;

	for (i = 0; i < GROWN; i++) {
		at = (i + thread * 1000) % GROWN;
		grown[thread][at] =
			depot_child(at % 7 ? 0 : 7, PC(5000000 + at), 4);
	}
	return NULL;
}

static void threads_agree_while_it_grows(void **state)
{
	pthread_t threads[GROWERS];
	uint32_t n = depot_count();
	(void)state;

	for (uintptr_t i = 0; i < GROWERS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, grow, (void *)i), 0);
	for (int i = 0; i < GROWERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 1; i < GROWERS; i++)
		assert_memory_equal(grown[0], grown[i], sizeof grown[0]);
	assert_in_range(depot_count() - n, GROWN, GROWN + GROWERS * 1000);
	assert_true(depot_is_valid());
}

/* Nothing more is mapped once this has come to 0; below 0: all is. */
static long maps_left = -1;

int memory_refuses(size_t bytes)
{
	(void)bytes;
	if (maps_left > 0)
		maps_left--;
	return !maps_left;
}

/* Each frame is found as it was, or is not known, and so is what it leads to;
 * how many of n new ones are known. */
static uint32_t add_or_not(uint32_t base, uint32_t n)
{
	uint32_t i, id, known = 0, inner;

	for (i = 0; i < n; i++) {
		id = depot_child(0, PC(base + i), 5);
		assert_int_not_equal(id, 0);
		inner = depot_child(id, PC(base), 6);
		if (id == DEPOT_UNKNOWN) {
			assert_int_equal(inner, DEPOT_UNKNOWN);
			continue;
		}
		assert_int_equal(depot_frame(id).pc, PC(base + i));
		assert_int_equal(depot_child(0, PC(base + i), 5), id);
		known++;
	}
	return known;
}

static void unknown_where_memory_is_short(void **state)
{
	uint32_t n = 20000, base = 10000000, known = 0;
	(void)state;

	assert_int_equal(depot_lack(), DEPOT_LACKS_NOTHING);
	for (long left = 0; known < n; left++, base += n) {
		maps_left = left;
		known = add_or_not(base, n);
		maps_left = -1;
		assert_true(left || known < n);
		assert_int_equal(depot_lack(), DEPOT_LACKS_MEMORY);
		assert_true(depot_is_valid());
		assert_in_range(left, 0, 20);
	}
	assert_int_equal(depot_frame(DEPOT_UNKNOWN).parent, 0);
	assert_int_equal(depot_frame(DEPOT_UNKNOWN).module, 0);
	/* and goes on when there is some again */
	assert_int_equal(add_or_not(base, 100), 100);
	assert_true(depot_is_valid());
}

static uint32_t ids_most; /* 0: no limit */

bool depot_refuses(uint32_t id)
{
	return ids_most && id > ids_most;
}

static void unknown_where_ids_are_used_up(void **state)
{
	uint32_t known;
	(void)state;

	ids_most = depot_count() + 10;
	known = add_or_not(90000000, 100);
	assert_in_range(known, 1, 10);
	assert_int_equal(depot_lack(), DEPOT_LACKS_IDS);
	ids_most = 0;
	assert_true(depot_is_valid());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_frames_same_id),
		cmocka_unit_test(frames_come_back),
		cmocka_unit_test(recursion_folds),
		cmocka_unit_test(nine_do_not_fold),
		cmocka_unit_test(trees_stay_small),
		cmocka_unit_test(unknown_where_memory_is_short),
		cmocka_unit_test(threads_agree),
		cmocka_unit_test(threads_agree_while_it_grows),
		cmocka_unit_test(unknown_where_ids_are_used_up),
		cmocka_unit_test(millions_are_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
