/* All records that there are, read from the table and from the overflow. */
#ifndef HEAP_SEEN_H
#define HEAP_SEEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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

static inline void note(uintptr_t address, struct heap_word word, size_t size)
{
	assert_true(seen.n < 5000);
	seen.entry[seen.n++] = (struct heap_entry){address, word, size};
}

/* As blocks.c reads it, but a word at a time. */
static inline void look_at_table(void)
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

static inline void look_at_overflow(void)
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

static inline int by_address(const void *a, const void *b)
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

static inline int heap_is_empty(void **state)
{
	(void)state;
	return look()->n != 0;
}

static inline int begin_16(void **state)
{
	(void)state;
	granule = 16;
	return heap_init(granule);
}

static inline int begin_32(void **state)
{
	(void)state;
	granule = 32;
	return heap_init(granule);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, heap_is_empty, heap_is_empty)

#endif
