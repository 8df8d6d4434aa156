/* Sets of ranges, by hand and at random against a map of bits. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "heap/range.h"

static bool has(const struct ranges *set, uintptr_t low, uintptr_t high)
{
	uint32_t i;

	for (i = 0; i < set->n; i++)
		if (set->list[i].low == low && set->list[i].high == high)
			return true;
	return false;
}

static void add_joins(void **state)
{
	struct ranges set = {0};

	(void)state;
	ranges_add(&set, 10, 20);
	ranges_add(&set, 30, 40);
	assert_int_equal(set.n, 2);
	assert_true(has(&set, 10, 20) && has(&set, 30, 40));
	ranges_add(&set, 40, 50); /* touches */
	assert_int_equal(set.n, 2);
	assert_true(has(&set, 30, 50));
	ranges_add(&set, 35, 45); /* inside */
	assert_true(set.n == 2 && has(&set, 30, 50));
	ranges_add(&set, 20, 30); /* fills the gap */
	assert_true(set.n == 1 && has(&set, 10, 50));
	ranges_add(&set, 5, 60); /* covers */
	assert_true(set.n == 1 && has(&set, 5, 60));
}

static void remove_splits(void **state)
{
	struct ranges set = {0};

	(void)state;
	ranges_remove(&set, 0, 100);
	assert_int_equal(set.n, 0);
	ranges_add(&set, 10, 50);
	ranges_remove(&set, 20, 30);
	assert_int_equal(set.n, 2);
	assert_true(has(&set, 10, 20) && has(&set, 30, 50));
	ranges_remove(&set, 15, 35); /* the ends of two */
	assert_int_equal(set.n, 2);
	assert_true(has(&set, 10, 15) && has(&set, 35, 50));
	ranges_remove(&set, 15, 35); /* nothing left there */
	ranges_remove(&set, 0, 10);
	ranges_remove(&set, 50, 60);
	assert_int_equal(set.n, 2);
	ranges_remove(&set, 5, 15); /* a whole one */
	assert_true(set.n == 1 && has(&set, 35, 50));
	ranges_remove(&set, 0, UINTPTR_MAX);
	assert_int_equal(set.n, 0);
}

static void empty_is_nothing(void **state)
{
	struct ranges set = {0};

	(void)state;
	ranges_add(&set, 10, 10);
	ranges_add(&set, 20, 10);
	assert_int_equal(set.n, 0);
	ranges_add(&set, 10, 20);
	ranges_remove(&set, 15, 15);
	ranges_remove(&set, 18, 12);
	assert_true(set.n == 1 && has(&set, 10, 20));
}

static void more_than_a_page(void **state)
{
	struct ranges set = {0};
	uintptr_t i;

	(void)state;
	for (i = 0; i < 2000; i++)
		ranges_add(&set, i * 10, i * 10 + 5);
	assert_int_equal(set.n, 2000);
	for (i = 0; i < 2000; i += 7)
		assert_true(has(&set, i * 10, i * 10 + 5));
	ranges_remove(&set, 3, 19992); /* the first and the last are cut */
	assert_int_equal(set.n, 2);
	assert_true(has(&set, 0, 3) && has(&set, 19992, 19995));
}

#define SPACE 200

/* Disjoint, none empty, none touching, and exactly the bits. */
static void compare(const struct ranges *set, const char *bits)
{
	char found[SPACE] = {0};
	uint32_t i;
	uintptr_t k;

	for (i = 0; i < set->n; i++) {
		assert_true(set->list[i].low < set->list[i].high);
		assert_true(set->list[i].high <= SPACE);
		for (k = set->list[i].low; k < set->list[i].high; k++)
			assert_int_equal(found[k]++, 0);
		assert_true(k == SPACE || !bits[k]);
	}
	assert_memory_equal(found, bits, SPACE);
}

static void random_against_bits(void **state)
{
	struct ranges set = {0};
	char bits[SPACE] = {0};
	int round;

	(void)state;
	srand(20240601);
	for (round = 0; round < 20000; round++) {
		uintptr_t low = rand() % SPACE;
		uintptr_t high = low + rand() % (rand() % 8 ? 12 : SPACE);

		if (high > SPACE)
			high = SPACE;
		if (rand() % 2) {
			ranges_add(&set, low, high);
			memset(bits + low, 1, high - low);
		} else {
			ranges_remove(&set, low, high);
			memset(bits + low, 0, high - low);
		}
		compare(&set, bits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add_joins),
		cmocka_unit_test(remove_splits),
		cmocka_unit_test(empty_is_nothing),
		cmocka_unit_test(more_than_a_page),
		cmocka_unit_test(random_against_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
