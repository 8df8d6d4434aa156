/*
 * The recorded blocks of the snapshot: which block a word points to or into,
 * and which of them are marked. A block is known by its address.
 *
 * For each 16 KiB of address space in which a block begins there is a page of
 * cells; a cell has a bit for each granule of 16 bytes that says whether a
 * block begins there. So an index of many blocks fits the processor's cache,
 * and one line of it answers for a word, whether the block is marked included.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/likely.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "scan/maps.h"

#define BLOCK_NONE 0ul

struct blocks {
	uint32_t n;
	uint32_t programs; /* of them, what the loader and we ourselves did not
			      allocate, ... */
	uint64_t bytes;	   /* ... and their bytes */
};
extern struct blocks blocks;

/* 64 granules. Marks are set where a block begins alone. */
struct cell {
	uint64_t begins;
	uint64_t strong; /* live: held by a root, or by decree */
	uint64_t weak;	 /* only a suspect word leads to it (scan.c) */
	uint32_t nodes;	 /* before it, when they are numbered (scan.c) */
	uint32_t stays;	 /* a block in it is not the program's (drop.c) */
} __attribute__((aligned(32)));

#define PAGE_SPAN 14
#define GRANULE 4
/* Granules are smaller where blocks do not begin at multiples of 16. */
struct page {
	uintptr_t address;
	uint32_t granule; /* log2 */
	uint32_t nodes;	  /* before it */
	struct cell cell[] __attribute__((aligned(32)));
};

/* Where a block begins. */
struct place {
	struct cell *cell; /* NULL: nowhere */
	uint64_t bit;
};

/* What lies in no mapping (a pool is gone as a whole) is not lost: such blocks
 * and those that are live by decree are marked strong. maps may be NULL.
 * 0 or -ENOMEM. */
int blocks_build(const struct maps *maps) __attribute__((warn_unused_result));
/* The block that word points to or into, or BLOCK_NONE. */
uintptr_t blocks_find(uintptr_t word);
/* The block of glibc's malloc that ends just before word, or BLOCK_NONE. What
 * grows downwards is held so (jq's stack). */
uintptr_t blocks_find_end(uintptr_t word);
/* The first block at or after address; BLOCK_NONE when there is none. */
uintptr_t blocks_from(uintptr_t address);
struct heap_word blocks_word_slow(uintptr_t block);
/* A block that begins at a multiple of the granule is in the table, unless
 * another has its place. */
static inline struct heap_word blocks_word(uintptr_t block)
{
	const uint64_t *at = block % 16 ? NULL : heap_words(block);

	if (likely(at && *at && heap_begin(block, *at) == block))
		return (struct heap_word){*at};
	return blocks_word_slow(block);
}
static inline uint64_t blocks_size(uintptr_t block)
{
	return heap_size(block, blocks_word(block));
}
/* A pool has made blocks of a part of it; of some block. */
bool blocks_have_outer(void);
/* Some page has granules of another size. */
bool blocks_have_fine(void);
bool blocks_is_outer(uintptr_t block);
struct place blocks_place(uintptr_t block);

/* All pages, in order of address. */
extern struct page **blocks_pages;
extern uint32_t blocks_pages_n;

static inline uint32_t page_cells(const struct page *page)
{
	return 1u << (PAGE_SPAN - 6 - page->granule);
}

static inline uintptr_t cell_address(const struct page *page, uint32_t cell,
				     uint32_t bit)
{
	return page->address + ((uintptr_t)(cell * 64 + bit) << page->granule);
}

/*
 * The directory: for each slot of 32 MiB in which a block begins, an entry a
 * page, and one before them. An entry is a page, tagged where its granules are
 * not 16 bytes; or the last block that begins before, tagged.
 */
#define SLOT_SHIFT 28
#define SLOTS (1u << (47 - SLOT_SHIFT))
#define SLOT_PAGES (1u << (SLOT_SHIFT - PAGE_SPAN))
#define ENTRY_EMPTY 1u
#define ENTRY_FINE 2u
extern uint64_t **blocks_slot;
extern uintptr_t blocks_low, blocks_span; /* of what may point to a block */

/* For words in haste: the cell of the granule that word points to. NULL when
 * that says too little: blocks_find() knows. */
static inline struct cell *blocks_cell(uintptr_t word)
{
	const uint64_t *slot = blocks_slot[word >> SLOT_SHIFT];
	uint64_t entry;

	if (!slot)
		return NULL;
	entry = slot[1 + (word >> PAGE_SPAN & (SLOT_PAGES - 1))];
	if (entry & (ENTRY_EMPTY | ENTRY_FINE))
		return NULL;
	return &((struct page *)entry)
			->cell[word >> (GRANULE + 6) &
			       ((1u << (PAGE_SPAN - GRANULE - 6)) - 1)];
}

static inline bool blocks_may_hold(uintptr_t word)
{
	return word - blocks_low < blocks_span;
}

#endif
