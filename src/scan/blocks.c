/*
 * See blocks.h. Snapshot child only.
 */
#include "base/rows.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/chunk.h"
#include "scan/sheet.h"

#define SPAN (1ul << SHEET_SHIFT)

struct place blocks_place(uintptr_t block)
{
	struct sheet *sheet = blocks_sheet(block);
	uint32_t at = (block & (SPAN - 1)) >> sheet->granule;

	return (struct place){&sheet->cell[at / 64], 1ul << at % 64};
}

struct heap_word blocks_word_slow(uintptr_t block)
{
	struct heap_entry entry;

	if (!heap_find((const void *)block, &entry))
		return (struct heap_word){0};
	return entry.word;
}

/* The last block of the sheet that begins at or before that granule; 0:
 * none. */
static uintptr_t last_of_sheet(const struct sheet *sheet, uint32_t granule)
{
	uint32_t i = granule / 64;
	uint64_t begins = sheet->cell[i].begins & ~0ul >> (63 - granule % 64);

	while (!begins && i)
		begins = sheet->cell[--i].begins;
	return begins ? cell_address(sheet, i, 63 - __builtin_clzl(begins)) : 0;
}

/* The last block by an entry of the directory, at or before that byte of its
 * sheet. */
static uintptr_t last_of_entry(uint64_t entry, uint32_t byte)
{
	const struct sheet *sheet;

	if (entry & ENTRY_EMPTY)
		return entry >> 1;
	sheet = (const struct sheet *)(entry & ~(uint64_t)ENTRY_FINE);
	return last_of_sheet(sheet, byte >> sheet->granule);
}

static uintptr_t large_before(uintptr_t word)
{
	const struct large *list = blocks_large.list;
	uint32_t n = rows_above(list, sizeof *list, blocks_large.n, word);

	return n && word <= list[n - 1].end ? list[n - 1].block : 0;
}

/* The last block that begins at or before word, if word may be in it. */
static uintptr_t last_before(uintptr_t word)
{
	const uint64_t *entry = blocks_slot[word >> SLOT_SHIFT];
	uintptr_t block;

	if (!entry)
		return large_before(word);
	entry += 1 + (word >> SHEET_SHIFT & (SLOT_SHEETS - 1));
	block = last_of_entry(*entry, word & (SPAN - 1));
	if (block || *entry & ENTRY_EMPTY)
		return block;
	return last_of_entry(entry[-1], SPAN - 1);
}

/* `new T[0]` of a type with a destructor keeps a count of 0 in its block (8
 * or 16 bytes, by T's alignment) and points one past it. */
static bool is_past_empty_array(uint64_t size, uint64_t offset)
{
	return offset == size && (size == 8 || size == 16);
}

static bool holds(uintptr_t block, uintptr_t word)
{
	uint64_t size = blocks_size(block), offset = word - block;

	return offset < size || !offset || is_past_empty_array(size, offset);
}

/* The number of the last outer block that begins at or before word, or 0. */
static uint32_t outer_before(uintptr_t word)
{
	return rows_above(blocks_outer.list, sizeof(struct outer),
			  blocks_outer.n, word);
}

/* Finds the block of a pool's memory, for a word beside the blocks that the
 * pool made in it. */
static uintptr_t find_outer(uintptr_t word)
{
	const struct outer *list = blocks_outer.list;
	uint32_t i;

	for (i = outer_before(word); i; i = list[i - 1].in)
		if (holds(list[i - 1].block, word))
			return list[i - 1].block;
	return BLOCK_NONE;
}

uintptr_t blocks_find(uintptr_t word)
{
	uintptr_t block;

	if (!blocks_may_hold(word))
		return BLOCK_NONE;
	block = last_before(word);
	if (block && (block == word || holds(block, word)))
		return block;
	return blocks_outer.n ? find_outer(word) : BLOCK_NONE;
}

uintptr_t blocks_find_end(uintptr_t word)
{
	uintptr_t block = blocks_may_hold(word) ? last_before(word - 1) : 0;
	uint64_t size = block ? blocks_size(block) : 0;

	return size && block + size == word && chunk_is_malloced(block, size)
		       ? block
		       : BLOCK_NONE;
}

bool blocks_have_outer(void)
{
	return blocks_outer.n;
}

bool blocks_have_fine(void)
{
	return blocks_fine;
}

bool blocks_is_outer(uintptr_t block)
{
	uint32_t i = outer_before(block);

	return i &&
	       ((const struct outer *)blocks_outer.list)[i - 1].block == block;
}

/* The number of the first sheet that ends past address. */
static uint32_t sheet_from(uintptr_t address)
{
	uint32_t low = 0, high = blocks_sheets_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (blocks_sheets[mid]->address + SPAN <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uintptr_t blocks_from(uintptr_t address)
{
	uint32_t i, k;

	for (i = sheet_from(address); i < blocks_sheets_n; i++) {
		const struct sheet *sheet = blocks_sheets[i];
		uintptr_t skip = address > sheet->address
					 ? (address - sheet->address +
					    (1ul << sheet->granule) - 1) >>
						   sheet->granule
					 : 0;

		for (k = skip / 64; k < sheet_cells(sheet); k++) {
			uint64_t begins = sheet->cell[k].begins;

			if (k == skip / 64)
				begins &= ~0ul << skip % 64;
			if (begins)
				return cell_address(sheet, k,
						    __builtin_ctzl(begins));
		}
	}
	return BLOCK_NONE;
}
