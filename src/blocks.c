/*
 * Snapshot child only. The look-up goes by page: for each page of a slot of
 * 32 MiB, the first block that begins on it or later; then a search among the
 * few on that page. Slots in which no block begins can only lie inside a block
 * that began in an earlier one, and those are few.
 */
#include <errno.h>
#include "arena.h"
#include "blocks.h"

#define SLOT_SHIFT 25
#define SLOTS (1u << (47 - SLOT_SHIFT))
#define PAGE_SHIFT 12
#define SLOT_PAGES (1u << (SLOT_SHIFT - PAGE_SHIFT))

struct blocks blocks;

static uint32_t **first; /* by slot: SLOT_PAGES + 1 indices */
static uintptr_t lowest, highest;
static uint32_t *large, large_n; /* blocks that reach into another slot */
static uint32_t *outer, outer_n; /* those that a pool carves others from */
static uint32_t inner_n;
static uintptr_t outer_end;
static int failed;

/* Its last byte, or the one past it, is of another slot. */
static bool spans_slots(const struct heap_entry *entry)
{
	return (entry->address + entry->size) >> SLOT_SHIFT !=
	       entry->address >> SLOT_SHIFT;
}

static void count(const struct heap_entry *entry, void *data)
{
	(void)data;
	blocks.n++;
	if (spans_slots(entry))
		large_n++;
	if (entry->address < outer_end)
		inner_n++;
	else
		outer_end = entry->address + entry->size;
}

/* Pages of the slot up to `page` begin with block i. */
static void fill_pages(uint32_t *slot, uint32_t *done, uint32_t page,
		       uint32_t i)
{
	while (*done <= page)
		slot[(*done)++] = i;
}

/* Blocks that lie in one are listed after it; none reaches out of it. */
static void note_outer(const struct heap_entry *entry, uint32_t i)
{
	static uint32_t last;

	if (entry->address >= outer_end) {
		last = i;
		outer_end = entry->address + entry->size;
	} else if (!outer_n || outer[outer_n - 1] != last) {
		outer[outer_n++] = last;
	}
}

struct fill {
	uint32_t *slot;
	uint32_t done; /* pages of it that are filled */
	uintptr_t number;
};

static void add(const struct heap_entry *entry, void *data)
{
	struct fill *fill = data;
	uintptr_t number = entry->address >> SLOT_SHIFT;
	uint32_t i = blocks.n++;

	blocks.address[i] = entry->address;
	blocks.word[i] = entry->word;
	if (heap_stack(entry->word)) {
		blocks.programs++;
		blocks.bytes += entry->size;
	}
	if (spans_slots(entry))
		large[large_n++] = i;
	note_outer(entry, i);
	if (entry->address + entry->size >= highest)
		highest = entry->address + entry->size + 1;
	if (number >= SLOTS || failed)
		return;
	if (!fill->slot || number != fill->number) {
		if (fill->slot)
			fill_pages(fill->slot, &fill->done, SLOT_PAGES, i);
		fill->slot = arena_map((SLOT_PAGES + 1) * sizeof *fill->slot);
		fill->done = 0;
		fill->number = number;
		if (!fill->slot) {
			failed = -ENOMEM;
			return;
		}
		first[number] = fill->slot;
	}
	fill_pages(fill->slot, &fill->done,
		   entry->address >> PAGE_SHIFT & (SLOT_PAGES - 1), i);
}

int blocks_build(void)
{
	struct fill fill = {0};

	if (heap_visit(count, NULL))
		return -ENOMEM;
	blocks.address = arena_map((blocks.n + 1) * sizeof *blocks.address);
	blocks.word = arena_map((blocks.n + 1) * sizeof *blocks.word);
	large = arena_map((large_n + 1) * sizeof *large);
	outer = arena_map((inner_n + 1) * sizeof *outer);
	first = arena_reserve(SLOTS * sizeof *first);
	if (!blocks.address || !blocks.word || !large || !outer || !first)
		return -ENOMEM;
	outer_end = 0;
	blocks.n = large_n = 0;
	if (heap_visit(add, &fill))
		return -ENOMEM;
	if (fill.slot)
		fill_pages(fill.slot, &fill.done, SLOT_PAGES, blocks.n);
	lowest = blocks.n ? blocks.address[0] : 1;
	return failed;
}

/* Both in order of address. */
void blocks_ignore_unmapped(const struct maps *maps)
{
	uint32_t i, m = 0;

	for (i = 0; i < blocks.n; i++) {
		while (m < maps->n && maps->list[m].high <= blocks.address[i])
			m++;
		if (m == maps->n || maps->list[m].low > blocks.address[i])
			blocks.word[i].bits |= HEAP_IGNORED;
	}
}

uint64_t blocks_size(uint32_t block)
{
	return heap_size(blocks.address[block], blocks.word[block]);
}

/* The last index in [low, high) whose block begins at or before word, or
 * low - 1. */
static uint32_t last_before(uint32_t low, uint32_t high, uintptr_t word)
{
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (blocks.address[mid] <= word)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

/* `new T[0]` of a type with a destructor keeps a count of 0 in its block (8
 * or 16 bytes, by T's alignment) and points one past it. */
static bool is_past_empty_array(uint64_t size, uint64_t offset)
{
	return offset == size && (size == 8 || size == 16);
}

static bool holds(uint32_t block, uintptr_t word)
{
	uint64_t size = blocks_size(block);
	uint64_t offset = word - blocks.address[block];

	return offset < size || !offset || is_past_empty_array(size, offset);
}

static uint32_t find_large(uintptr_t word)
{
	uint32_t i;

	for (i = 0; i < large_n; i++)
		if (holds(large[i], word))
			return large[i];
	return BLOCK_NONE;
}

/* The memory of a pool beside the blocks that it has made of it. */
static uint32_t find_outer(uintptr_t word)
{
	uint32_t low = 0, high = outer_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (blocks.address[outer[mid]] <= word)
			low = mid + 1;
		else
			high = mid;
	}
	return low && holds(outer[low - 1], word) ? outer[low - 1] : BLOCK_NONE;
}

uint32_t blocks_find(uintptr_t word)
{
	const uint32_t *slot;
	uint32_t page, i;

	if (word - lowest >= highest - lowest)
		return BLOCK_NONE;
	slot = word >> SLOT_SHIFT < SLOTS ? first[word >> SLOT_SHIFT] : NULL;
	if (!slot)
		return find_large(word);
	page = word >> PAGE_SHIFT & (SLOT_PAGES - 1);
	i = last_before(slot[page], slot[page + 1], word);
	if (i != BLOCK_NONE && holds(i, word))
		return i;
	return outer_n ? find_outer(word) : BLOCK_NONE;
}

uint32_t blocks_from(uintptr_t address)
{
	uint32_t low = 0, high = blocks.n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (blocks.address[mid] < address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
