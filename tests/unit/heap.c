/* A record is there from when it was made until it was erased, whatever its
 * size and address, once: in the table, in order, or in the overflow. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "heap/overflow.h"

/* Addresses are numbers here: nothing is ever read through them. */
#define BASE 0x100000000ul
#define SLOT (32ul << 20)

static const void *at(uintptr_t address)
{
	return (const void *)address;
}

struct seen {
	struct heap_entry entry[5000];
	uint32_t n;
};

static uintptr_t granule;
static struct seen seen;

static void note(uintptr_t address, struct heap_word word, size_t size)
{
	assert_true(seen.n < 5000);
	seen.entry[seen.n++] = (struct heap_entry){address, word, size};
}

/* As blocks.c reads it, but a word at a time. */
static void look_at_table(void)
{
	uintptr_t at = 0;

	while ((at = heap_next_written(at)) < 1ul << HEAP_ADDRESS_BITS) {
		struct heap_word word = {*heap_words(at)};
		uintptr_t block = heap_begin(at, word.bits);

		assert_int_equal(at % granule, 0);
		if (word.bits)
			note(block, word, heap_size(block, word));
		at += granule;
	}
}

static void look_at_overflow(void)
{
	struct overflow_list odd;
	uint32_t i;

	assert_int_equal(overflow_list(&odd), 0);
	for (i = 0; i < odd.n; i++) {
		assert_true(!i ||
			    odd.entry[i - 1].address < odd.entry[i].address);
		note(odd.entry[i].address, odd.entry[i].word,
		     odd.entry[i].size);
	}
	overflow_list_free(&odd);
}

static int by_address(const void *a, const void *b)
{
	const struct heap_entry *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static struct seen *look(void)
{
	uint32_t i;

	seen.n = 0;
	look_at_table();
	for (i = 1; i < seen.n; i++)
		assert_true(seen.entry[i - 1].address < seen.entry[i].address);
	look_at_overflow();
	qsort(seen.entry, seen.n, sizeof *seen.entry, by_address);
	for (i = 1; i < seen.n; i++)
		assert_true(seen.entry[i - 1].address < seen.entry[i].address);
	return &seen;
}

static int heap_is_empty(void **state)
{
	(void)state;
	return look()->n != 0;
}

static int begin_16(void **state)
{
	(void)state;
	granule = 16;
	return heap_init(granule);
}

static int begin_32(void **state)
{
	(void)state;
	granule = 32;
	return heap_init(granule);
}

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
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, heap_is_empty, heap_is_empty)
	const struct CMUnitTest tests[] = {
		TEST(record_and_erase),
		TEST(fields_do_not_mix),
		TEST(any_size),
		TEST(any_address),
		TEST(address_used_again),
		TEST(restore_and_resize),
		TEST(ignore_by_any_pointer),
		TEST(ignore_what_is_no_block),
		TEST(overflow_of_thousands),
		TEST(neighbours),
		TEST(erase_within),
		TEST(threads_at_once),
		TEST(epochs),
	};
	int failed = cmocka_run_group_tests_name("granules of 16", tests,
						 begin_16, NULL);

	return failed + cmocka_run_group_tests_name("granules of 32", tests,
						    begin_32, NULL);
}
