/* A record is there from when it was made until it was erased, whatever its
 * size and address, once: in the table, in order, or in the overflow. */
#include <errno.h>
#include <string.h>
#include "heap-seen.h"
#include "heap/heap.h"
#include "heap/heap_word.h"

static void record_and_erase(void **state)
{
	struct heap_word word;
	size_t size = 77;

	(void)state;
	assert_int_equal(heap_erase(at(BASE), &size).bits, 0);
	assert_int_equal(size, 0);
	heap_record(at(BASE), 100, 4711, HEAP_IGNORED);
	assert_int_equal(look()->n, 1);
	assert_int_equal(look()->entry[0].address, BASE);
	assert_int_equal(look()->entry[0].size, 100);
	assert_int_equal(heap_erase(at(BASE + 16), &size).bits, 0);
	word = heap_erase(at(BASE), &size);
	assert_int_equal(size, 100);
	assert_int_equal(heap_stack(word), 4711);
	assert_int_equal(heap_small_size(word), 100);
	assert_int_equal(word.bits & 3, HEAP_LIVE | HEAP_IGNORED);
	assert_int_equal(heap_erase(at(BASE), &size).bits, 0);
}

static void fields_do_not_mix(void **state)
{
	struct heap_word word;
	size_t size;

	(void)state;
	heap_record(at(BASE), HEAP_SIZE_MAX - 1, (1u << 26) - 1, 0);
	word = heap_erase(at(BASE), &size);
	assert_int_equal(heap_stack(word), (1u << 26) - 1);
	assert_int_equal(size, HEAP_SIZE_MAX - 1);
	assert_int_equal(word.bits & 3, HEAP_LIVE);
	heap_record(at(BASE), 0, 0, 0);
	word = heap_erase(at(BASE), &size);
	assert_int_equal(heap_stack(word), 0);
	assert_int_equal(size, 0);
	assert_true(word.bits != 0);
}

static const size_t sizes[] = {0,
			       1,
			       16,
			       HEAP_SIZE_MAX - 1,
			       HEAP_SIZE_MAX,
			       HEAP_SIZE_MAX + 1ul,
			       1ul << 40,
			       SIZE_MAX};
#define SIZES (sizeof sizes / sizeof *sizes)

static void any_size(void **state)
{
	struct heap_word word;
	struct seen *seen;
	size_t size, i;

	(void)state;
	for (i = 0; i < SIZES; i++)
		heap_record(at(BASE + i * 16), sizes[i], i, 0);
	seen = look();
	assert_int_equal(seen->n, SIZES);
	for (i = 0; i < SIZES; i++) {
		assert_int_equal(seen->entry[i].size, sizes[i]);
		assert_int_equal(heap_size(BASE + i * 16, seen->entry[i].word),
				 sizes[i]);
		word = heap_erase(at(BASE + i * 16), &size);
		assert_int_equal(size, sizes[i]);
		assert_int_equal(heap_stack(word), i);
	}
}

/* Odd addresses, and those beyond 47 bits, live in the overflow. */
static void any_address(void **state)
{
	static const uintptr_t addresses[] = {BASE,
					      BASE + 8,
					      BASE + 16,
					      BASE + SLOT - 16,
					      BASE + SLOT - 1,
					      BASE + SLOT,
					      BASE + 5 * SLOT,
					      (1ul << 47) - 16,
					      1ul << 47,
					      (1ul << 47) + 3};
	const size_t n = sizeof addresses / sizeof *addresses;
	struct heap_word word;
	struct seen *seen;
	size_t size, i;

	(void)state;
	for (i = n; i--;)
		heap_record(at(addresses[i]), 10 + i, i, 0);
	seen = look();
	assert_int_equal(seen->n, n);
	for (i = 0; i < n; i++) {
		assert_int_equal(seen->entry[i].address, addresses[i]);
		assert_int_equal(seen->entry[i].size, 10 + i);
	}
	for (i = 0; i < n; i++) {
		word = heap_erase(at(addresses[i]), &size);
		assert_int_equal(heap_stack(word), i);
		assert_int_equal(size, 10 + i);
		assert_int_equal(heap_erase(at(addresses[i]), &size).bits, 0);
	}
}

static void address_used_again(void **state)
{
	size_t size;

	(void)state;
	heap_record(at(BASE), 1ul << 30, 1, 0);
	heap_record(at(BASE), 5, 2, 0); /* a free that was not seen */
	assert_int_equal(look()->n, 1);
	assert_int_equal(look()->entry[0].size, 5);
	heap_record(at(BASE), 1ul << 31, 3, 0);
	assert_int_equal(look()->entry[0].size, 1ul << 31);
	assert_int_equal(heap_stack(heap_erase(at(BASE), &size)), 3);
	assert_int_equal(size, 1ul << 31);
}

static void restore_and_resize(void **state)
{
	static const size_t some[] = {20, 1ul << 32};
	struct heap_word word, none = {0};
	size_t size, i, k;

	(void)state;
	heap_restore(at(BASE), none, 10);
	assert_int_equal(look()->n, 0);
	for (i = 0; i < 2; i++) {
		for (k = 0; k < 2; k++) {
			heap_record(at(BASE), some[i], 9, HEAP_IGNORED);
			word = heap_erase(at(BASE), &size);
			heap_restore(at(BASE), word, size);
			assert_int_equal(look()->entry[0].size, some[i]);
			assert_int_equal(heap_erase(at(BASE), &size).bits,
					 word.bits);
			heap_resize(at(BASE + 64), word, some[k]);
			word = heap_erase(at(BASE + 64), &size);
			assert_int_equal(size, some[k]);
			assert_int_equal(heap_stack(word), 9);
			assert_int_equal(word.bits & 3,
					 HEAP_LIVE | HEAP_IGNORED);
		}
	}
}

static unsigned flags_of(uintptr_t block)
{
	const struct seen *seen = look();
	uint32_t i;

	for (i = 0; i < seen->n; i++)
		if (seen->entry[i].address == block)
			return seen->entry[i].word.bits & 3;
	return 0;
}

static void ignore_by_any_pointer(void **state)
{
	size_t size;

	(void)state;
	heap_record(at(BASE), 100, 1, 0);
	heap_record(at(BASE + SLOT), 3 * SLOT, 2, 0);
	heap_record(at(BASE + 8 * SLOT), 0, 3, 0);
	heap_ignore(at(BASE + 112)); /* beside */
	heap_ignore(at(BASE + 5 * SLOT));
	heap_ignore(at(BASE + 8 * SLOT + 16));
	assert_int_equal(flags_of(BASE), HEAP_LIVE);
	assert_int_equal(flags_of(BASE + SLOT), HEAP_LIVE);
	assert_int_equal(flags_of(BASE + 8 * SLOT), HEAP_LIVE);
	heap_ignore(at(BASE + 99));
	heap_ignore(at(BASE + 3 * SLOT + 12345));
	heap_ignore(at(BASE + 8 * SLOT));
	assert_int_equal(flags_of(BASE), HEAP_LIVE | HEAP_IGNORED);
	assert_int_equal(flags_of(BASE + SLOT), HEAP_LIVE | HEAP_IGNORED);
	assert_int_equal(flags_of(BASE + 8 * SLOT), HEAP_LIVE | HEAP_IGNORED);
	assert_int_equal(look()->entry[1].size, 3 * SLOT);
	heap_erase(at(BASE), &size);
	heap_erase(at(BASE + SLOT), &size);
	heap_erase(at(BASE + 8 * SLOT), &size);
}

/* Below, far above and outside of everything: nothing happens, at once. */
static void ignore_what_is_no_block(void **state)
{
	int on_stack;
	size_t size;

	(void)state;
	heap_record(at(BASE), 100, 1, 0);
	heap_ignore(NULL);
	heap_ignore(at(5));
	heap_ignore(at(BASE - 1));
	heap_ignore(&on_stack);
	heap_ignore(at((1ul << 47) - 1));
	heap_ignore(at(1ul << 47));
	heap_ignore(at(UINTPTR_MAX));
	assert_int_equal(look()->n, 1);
	assert_int_equal(flags_of(BASE), HEAP_LIVE);
	heap_erase(at(BASE), &size);
}

static uint8_t epoch_now(void)
{
	size_t size;

	heap_record(at(BASE), 1, 1, 0);
	return heap_epoch(heap_erase(at(BASE), &size));
}

/* Epochs count up, end somewhere, and leave room for children to tell their
 * blocks from their parents'. */
static void epochs(void **state)
{
	struct heap_word word;
	size_t size;
	int i, last = 0;

	(void)state;
	assert_int_equal(epoch_now(), 0);
	assert_int_equal(heap_first_epoch(), 0);
	heap_record(at(BASE + 16), 5, 1, 0);
	heap_next_epoch();
	assert_int_equal(epoch_now(), 1);
	heap_inherit();
	assert_int_equal(heap_first_epoch(), 2);
	assert_int_equal(epoch_now(), 2);
	for (i = 0; i < 1000; i++) {
		heap_next_epoch();
		assert_true(epoch_now() >= last);
		last = epoch_now();
	}
	assert_true(last > 100 && last < UINT8_MAX);
	for (i = 0; i < 10; i++) {
		heap_inherit();
		assert_int_equal(epoch_now(), heap_first_epoch());
		assert_int_equal(epoch_now(), last + 1 + i);
	}
	word = heap_erase(at(BASE + 16), &size);
	assert_int_equal(heap_epoch(word), 0); /* its own, for ever */
	heap_restore(at(BASE + 16), word, size);
	assert_int_equal(heap_epoch(heap_erase(at(BASE + 16), &size)), 0);
}

/* Two blocks 16 bytes apart, made and freed in any order, the table's words
 * shared or not: each is found, whole, until it is freed. */
static void neighbours(void **state)
{
	struct heap_entry found;
	size_t size;
	int order;

	(void)state;
	for (order = 0; order < 4; order++) {
		uintptr_t one = BASE + (order & 1 ? 16 : 0);
		uintptr_t other = BASE + (order & 1 ? 0 : 16);
		uintptr_t dies = order & 2 ? one : other;
		uintptr_t stays = order & 2 ? other : one;

		heap_record(at(one), 16, one & ((1u << 26) - 1), 0);
		heap_record(at(other), 16, other & ((1u << 26) - 1), 0);
		assert_int_equal(look()->n, 2);
		assert_int_equal(look()->entry[0].address, BASE);
		assert_true(heap_find(at(BASE + 9), &found));
		assert_int_equal(found.address, BASE);
		assert_true(heap_find(at(BASE + 31), &found));
		assert_int_equal(found.address, BASE + 16);
		assert_false(heap_find(at(BASE + 32), &found));
		assert_true(heap_erase(at(dies), &size).bits);
		assert_false(heap_find(at(dies + 1), &found));
		assert_int_equal(look()->n, 1);
		assert_int_equal(look()->entry[0].address, stays);
		assert_int_equal(heap_stack(heap_erase(at(stays), &size)),
				 stays & ((1u << 26) - 1));
	}
}

static void erase_within(void **state)
{
	struct heap_word word;
	uintptr_t block, i;
	size_t size;

	(void)state;
	for (i = 0; i < 100; i++)
		heap_record(at(BASE + SLOT - 160 + i * 24), 24, i, 0);
	for (i = 0; heap_erase_first(BASE + SLOT - 160 + 24,
				     BASE + SLOT - 160 + 99 * 24, &block, &word,
				     &size);
	     i++)
		assert_int_equal(block,
				 BASE + SLOT - 160 + heap_stack(word) * 24);
	assert_int_equal(i, 98);
	assert_int_equal(look()->n, 2);
	heap_erase(at(BASE + SLOT - 160), &size);
	heap_erase(at(BASE + SLOT - 160 + 99 * 24), &size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(record_and_erase),
		TEST(fields_do_not_mix),
		TEST(any_size),
		TEST(any_address),
		TEST(address_used_again),
		TEST(restore_and_resize),
		TEST(ignore_by_any_pointer),
		TEST(ignore_what_is_no_block),
		TEST(neighbours),
		TEST(erase_within),
		TEST(epochs),
	};
	int failed = cmocka_run_group_tests_name("granules of 16", tests,
						 begin_16, NULL);

	return failed + cmocka_run_group_tests_name("granules of 32", tests,
						    begin_32, NULL);
}
