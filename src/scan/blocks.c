/*
 * See blocks.h. Snapshot child only.
 */
#include "base/rows.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/chunk.h"

#define SPAN (1ul << PAGE_SPAN)

struct place blocks_place(uintptr_t block)
{
	const uint64_t *slot = blocks_slot[block >> SLOT_SHIFT];
	uint64_t entry = slot[1 + (block >> PAGE_SPAN & (SLOT_PAGES - 1))];
	struct page *page = (struct page *)(entry & ~(uint64_t)ENTRY_FINE);
	uint32_t at = (block & (SPAN - 1)) >> page->granule;

	return (struct place){&page->cell[at / 64], 1ul << at % 64};
}

struct heap_word blocks_word_slow(uintptr_t block)
{
	struct heap_entry entry;

	if (!heap_find((const void *)block, &entry))
		return (struct heap_word){0};
	return entry.word;
}

/* The last block of a page that begins at or before that granule; 0: none. */
static uintptr_t last_of_page(const struct page *page, uint32_t granule)
{
	uint32_t i = granule / 64;
	uint64_t begins = page->cell[i].begins & ~0ul >> (63 - granule % 64);

	while (!begins && i)
		begins = page->cell[--i].begins;
	return begins ? cell_address(page, i, 63 - __builtin_clzl(begins)) : 0;
}

/* By an entry of the directory, at or before that byte of its page. */
static uintptr_t last_of_entry(uint64_t entry, uint32_t byte)
{
	const struct page *page;

	if (entry & ENTRY_EMPTY)
		return entry >> 1;
	page = (const struct page *)(entry & ~(uint64_t)ENTRY_FINE);
	return last_of_page(page, byte >> page->granule);
}

static uintptr_t large_before(uintptr_t word)
{
	const struct large *list = blocks_large.list;
	uint32_t n = rows_above(list, sizeof *list, blocks_large.n, word);

	return n && word <= list[n - 1].end ? list[n - 1].block : 0;
}

/* The last block that begins at or before word, if it may hold it. */
static uintptr_t last_before(uintptr_t word)
{
	const uint64_t *entry = blocks_slot[word >> SLOT_SHIFT];
	uintptr_t block;

	if (!entry)
		return large_before(word);
	entry += 1 + (word >> PAGE_SPAN & (SLOT_PAGES - 1));
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

/* The number of the last of them that begins at or before word, or 0. */
static uint32_t outer_before(uintptr_t word)
{
	return rows_above(blocks_outer.list, sizeof(struct outer),
			  blocks_outer.n, word);
}

/* The memory of a pool beside the blocks that it has made of it. */
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

/* The first page that ends past address: its number. */
static uint32_t page_from(uintptr_t address)
{
	uint32_t low = 0, high = blocks_pages_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (blocks_pages[mid]->address + SPAN <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uintptr_t blocks_from(uintptr_t address)
{
	uint32_t i, k;

	for (i = page_from(address); i < blocks_pages_n; i++) {
		const struct page *page = blocks_pages[i];
		uintptr_t skip = address > page->address
					 ? (address - page->address +
					    (1ul << page->granule) - 1) >>
						   page->granule
					 : 0;

		for (k = skip / 64; k < page_cells(page); k++) {
			uint64_t begins = page->cell[k].begins;

			if (k == skip / 64)
				begins &= ~0ul << skip % 64;
			if (begins)
				return cell_address(page, k,
						    __builtin_ctzl(begins));
		}
	}
	return BLOCK_NONE;
}
