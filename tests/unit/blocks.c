/* From a word to the block it points to: at every border by hand, and at
 * random against a look at all blocks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"

/* Addresses are numbers here: nothing is ever read through them. */
#define BASE 0x200000000ul
#define PAGE 4096ul
#define SLOT (1ul << SLOT_SHIFT)

static struct {
	uintptr_t address;
	size_t size;
} model[600];
static uint32_t model_n;

static void block(uintptr_t address, size_t size)
{
	model[model_n].address = address;
	model[model_n++].size = size;
	heap_record((void *)address, size, model_n, 0);
}

static void forget(void **state)
{
	size_t size;

	(void)state;
	while (model_n)
		heap_erase((void *)model[--model_n].address, &size);
}

static int empty(void **state)
{
	forget(state);
	return 0;
}

static void build(void)
{
	blocks = (struct blocks){0};
	assert_int_equal(blocks_build(NULL), 0);
	assert_int_equal(blocks.n, model_n);
}

/* 0 for none; blocks begin elsewhere. */
static uintptr_t find(uintptr_t word)
{
	uintptr_t block = blocks_find(word);
	struct place place;

	if (block == BLOCK_NONE)
		return 0;
	place = blocks_place(block);
	assert_true(place.cell->begins & place.bit);
	return block;
}

/* The last block that begins at or before the word. */
static uintptr_t find_slowly(uintptr_t word)
{
	uint32_t i, best = UINT32_MAX;
	size_t offset;

	for (i = 0; i < model_n; i++)
		if (model[i].address <= word &&
		    (best == UINT32_MAX ||
		     model[i].address > model[best].address))
			best = i;
	if (best == UINT32_MAX)
		return 0;
	offset = word - model[best].address;
	if (!offset || offset < model[best].size ||
	    (offset == model[best].size && (offset == 8 || offset == 16)))
		return model[best].address;
	return 0;
}

static void none_at_all(void **state)
{
	(void)state;
	build();
	assert_int_equal(find(0), 0);
	assert_int_equal(find(1), 0);
	assert_int_equal(find(BASE), 0);
	assert_int_equal(find(UINTPTR_MAX), 0);
	assert_int_equal(blocks_from(0), 0);
}

static void exact_interior_between(void **state)
{
	(void)state;
	block(BASE, 100);
	block(BASE + 112, 40);
	block(BASE + 1024, 0);
	build();
	assert_int_equal(blocks.bytes, 140);
	assert_int_equal(find(BASE - 1), 0);
	assert_int_equal(find(BASE), BASE);
	assert_int_equal(find(BASE + 1), BASE);
	assert_int_equal(find(BASE + 99), BASE);
	assert_int_equal(find(BASE + 100), 0); /* no array of objects */
	assert_int_equal(find(BASE + 111), 0);
	assert_int_equal(find(BASE + 112), BASE + 112);
	assert_int_equal(find(BASE + 151), BASE + 112);
	assert_int_equal(find(BASE + 152), 0);
	assert_int_equal(find(BASE + 1024), BASE + 1024); /* malloc(0) */
	assert_int_equal(find(BASE + 1025), 0);
	assert_int_equal(find(0), 0);
	assert_int_equal(find(UINTPTR_MAX), 0);
	assert_int_equal(find(1ul << 47), 0);
}

/* new T[0] points past the 8 or 16 bytes of its count; but a block that
 * begins there is meant before. */
static void past_an_empty_array(void **state)
{
	(void)state;
	block(BASE, 8);
	block(BASE + 32, 16);
	block(BASE + 64, 24);
	block(BASE + 96, 16);
	block(BASE + 112, 50);
	block(BASE + PAGE - 16, 16);
	block(BASE + SLOT - 16, 16);	 /* nothing begins in the next slot */
	block(BASE + 3 * SLOT - 16, 16); /* something does */
	block(BASE + 3 * SLOT + 64, 1);
	block(BASE + 9 * SLOT - 16, 16); /* the last of all */
	build();
	assert_int_equal(find(BASE + 8), BASE);
	assert_int_equal(find(BASE + 9), 0);
	assert_int_equal(find(BASE + 48), BASE + 32);
	assert_int_equal(find(BASE + 88), 0);
	assert_int_equal(find(BASE + 112), BASE + 112);
	assert_int_equal(find(BASE + PAGE), BASE + PAGE - 16);
	assert_int_equal(find(BASE + SLOT), BASE + SLOT - 16);
	assert_int_equal(find(BASE + 3 * SLOT), BASE + 3 * SLOT - 16);
	assert_int_equal(find(BASE + 9 * SLOT), BASE + 9 * SLOT - 16);
}

static void over_borders(void **state)
{
	(void)state;
	block(BASE + PAGE - 16, 64);
	block(BASE + 2 * PAGE - 32, 20 * PAGE);
	block(BASE + SLOT - PAGE, 2 * PAGE); /* alone in the next slot */
	block(BASE + 3 * SLOT - 48, 96);     /* not alone */
	block(BASE + 3 * SLOT + PAGE, 10);
	build();
	assert_int_equal(find(BASE + PAGE), BASE + PAGE - 16);
	assert_int_equal(find(BASE + PAGE + 47), BASE + PAGE - 16);
	assert_int_equal(find(BASE + PAGE + 48), 0);
	assert_int_equal(find(BASE + 2 * PAGE), BASE + 2 * PAGE - 32);
	assert_int_equal(find(BASE + 15 * PAGE), BASE + 2 * PAGE - 32);
	assert_int_equal(find(BASE + 22 * PAGE - 33), BASE + 2 * PAGE - 32);
	assert_int_equal(find(BASE + 22 * PAGE - 32), 0);
	assert_int_equal(find(BASE + SLOT - 1), BASE + SLOT - PAGE);
	assert_int_equal(find(BASE + SLOT), BASE + SLOT - PAGE);
	assert_int_equal(find(BASE + SLOT + PAGE - 1), BASE + SLOT - PAGE);
	assert_int_equal(find(BASE + SLOT + PAGE), 0);
	assert_int_equal(find(BASE + 3 * SLOT + 47), BASE + 3 * SLOT - 48);
	assert_int_equal(find(BASE + 3 * SLOT + 48), 0);
}

static void larger_than_slots(void **state)
{
	const uintptr_t a = BASE + SLOT / 2, b = BASE + 9 * SLOT;
	const uintptr_t c = BASE + 20 * SLOT;

	(void)state;
	block(a, 4 * SLOT);
	block(a + 4 * SLOT + 16, 32);
	block(b, SLOT);
	block(c, 100 * SLOT + 5); /* its size does not fit a record */
	build();
	assert_int_equal(blocks_size(c), 100 * SLOT + 5);
	assert_int_equal(find(a), a);
	assert_int_equal(find(a + SLOT), a);
	assert_int_equal(find(a + 4 * SLOT - 1), a);
	assert_int_equal(find(a + 4 * SLOT), 0);
	assert_int_equal(find(a + 4 * SLOT + 16), a + 4 * SLOT + 16);
	assert_int_equal(find(b + SLOT - 1), b);
	assert_int_equal(find(b + SLOT), 0);
	assert_int_equal(find(b - 1), 0);
	assert_int_equal(find(c + 50 * SLOT), c);
	assert_int_equal(find(c + 100 * SLOT + 4), c);
	assert_int_equal(find(c + 100 * SLOT + 5), 0);
}

static void from_an_address(void **state)
{
	(void)state;
	block(BASE, 100);
	block(BASE + 112, 40);
	block(BASE + 5 * SLOT + 40, 8);
	build();
	assert_int_equal(blocks_from(0), BASE);
	assert_int_equal(blocks_from(BASE), BASE);
	assert_int_equal(blocks_from(BASE + 1), BASE + 112);
	assert_int_equal(blocks_from(BASE + 112), BASE + 112);
	assert_int_equal(blocks_from(BASE + 113), BASE + 5 * SLOT + 40);
	assert_int_equal(blocks_from(BASE + 5 * SLOT + 41), BLOCK_NONE);
	assert_int_equal(blocks_from(UINTPTR_MAX), BLOCK_NONE);
}

/* A pool may hand out memory at any address. */
static void odd_addresses(void **state)
{
	(void)state;
	block(BASE, 24);
	block(BASE + 24, 24);
	block(BASE + 48, 24);
	block(BASE + SLOT + 1, 2);
	block(BASE + SLOT + 3, 2);
	block(BASE + SLOT + 5, 4 * PAGE);
	build();
	assert_int_equal(blocks.n, 6);
	assert_int_equal(blocks_from(BASE + 1), BASE + 24);
	assert_int_equal(blocks_from(BASE + SLOT), BASE + SLOT + 1);
	assert_int_equal(blocks_size(BASE + SLOT + 5), 4 * PAGE);
	assert_int_equal(find(BASE + 23), BASE);
	assert_int_equal(find(BASE + 24), BASE + 24);
	assert_int_equal(find(BASE + 48), BASE + 48);
	assert_int_equal(find(BASE + 72), 0);
	assert_int_equal(find(BASE + SLOT), 0);
	assert_int_equal(find(BASE + SLOT + 2), BASE + SLOT + 1);
	assert_int_equal(find(BASE + SLOT + 4), BASE + SLOT + 3);
	assert_int_equal(find(BASE + SLOT + 4 * PAGE), BASE + SLOT + 5);
}

/* Sizes and gaps of every magnitude; addresses of no order, a few of them at
 * no multiple of 16. */
static void fill_at_random(void)
{
	uintptr_t address = BASE + rand() % 1000 * 16;
	uint32_t n = 1 + rand() % 500;

	while (model_n < n) {
		size_t size = (size_t)rand() % (2ul << rand() % 27);

		size = rand() % 50 ? size : size * 8;
		if (rand() % 5 == 0)
			size = rand() % 3 * 8;
		if (rand() % 20 == 0)
			address += rand() % 16;
		block(address, size);
		address += (size ? size + 15 : 16);
		address &= ~15ul;
		if (rand() % 3)
			address += (rand() % (2ul << rand() % 25)) & ~15ul;
	}
}

static uintptr_t near_a_border(void)
{
	uint32_t i = rand() % model_n;
	uintptr_t low = model[i].address, high = low + model[i].size;
	static const long far[] = {0, PAGE, -PAGE, SLOT, -SLOT};

	switch (rand() % 4) {
	case 0:
		return low + rand() % 40 - 20;
	case 1:
		return high + rand() % 40 - 20;
	case 2:
		return (rand() % 2 ? low : high) + far[rand() % 5];
	default:
		return low + (high - low) / 1000 * (rand() % 1000);
	}
}

/* Each once, with its record, whether that is in the table or not. */
static void all_in_order(void)
{
	uintptr_t block = 0;
	uint32_t i;

	for (i = 0; i < model_n; i++) {
		block = blocks_from(block + 1);
		assert_int_equal(block, model[i].address);
		assert_int_equal(blocks_size(block), model[i].size);
		assert_int_equal(heap_stack(blocks_word(block)), i + 1);
	}
	assert_int_equal(blocks_from(block + 1), BLOCK_NONE);
}

static void random_against_all(void **state)
{
	uintptr_t word;
	int round, i;

	srand(20240601);
	for (round = 0; round < 40; round++) {
		fill_at_random();
		build();
		all_in_order();
		for (i = 0; i < 3000; i++) {
			word = near_a_border();
			if (find(word) != find_slowly(word))
				fail_msg("round %d: 0x%lx leads to 0x%lx, "
					 "not to 0x%lx",
					 round, word, find(word),
					 find_slowly(word));
		}
		forget(state);
	}
}

static int begin_16(void **state)
{
	(void)state;
	return heap_init(16);
}

static int begin_32(void **state)
{
	(void)state;
	return heap_init(32);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, empty)
	const struct CMUnitTest tests[] = {
		TEST(none_at_all),	   TEST(exact_interior_between),
		TEST(past_an_empty_array), TEST(over_borders),
		TEST(larger_than_slots),   TEST(from_an_address),
		TEST(odd_addresses),	   TEST(random_against_all),
	};

	int failed = cmocka_run_group_tests_name("granules of 16", tests,
						 begin_16, NULL);

	return failed + cmocka_run_group_tests_name("granules of 32", tests,
						    begin_32, NULL);
}
