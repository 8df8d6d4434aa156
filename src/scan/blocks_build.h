/*
 * The index of the snapshot's blocks, made once a scan. Snapshot child only.
 */
#ifndef BLOCKS_BUILD_H
#define BLOCKS_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/list.h"
#include "scan/sheet.h"

struct maps;

struct blocks {
	uint32_t n;
	uint32_t programs; /* those that neither the loader nor we allocated,
			      ... */
	uint64_t bytes;	   /* ... and their bytes */
};
extern struct blocks blocks;

/* Makes the index. Blocks that lie in no mapping (a pool is gone as a whole)
 * are not lost: they are marked strong, like those that are live by decree.
 * maps may be NULL. 0 or -ENOMEM. */
int blocks_build(const struct maps *maps) __attribute__((warn_unused_result));

/* By stack, up to depot_count(): how many blocks have it. */
extern uint32_t *blocks_of_stack;

/* Blocks of one stack are mostly of one kind: so the first of each may tell
 * whether all need be looked at. Addresses, in their order. */
#define BLOCKS_FIRST 2
extern struct list blocks_first;

/* All sheets, in order of address. */
extern struct sheet **blocks_sheets;
extern uint32_t blocks_sheets_n;

/*
 * The directory. Each slot of 32 MiB in which a block begins has an entry for
 * each page, and one before them. An entry is a page, tagged when its granules
 * are not 16 bytes; or the last block that begins before it, tagged.
 */
#define SLOT_SHIFT 28
#define SLOTS (1u << (47 - SLOT_SHIFT))
#define SLOT_SHEETS (1u << (SLOT_SHIFT - SHEET_SHIFT))
#define ENTRY_EMPTY 1u
#define ENTRY_FINE 2u
extern uint64_t **blocks_slot;
extern uintptr_t blocks_low,
	blocks_span; /* words in this range may point to a block */

/* The quick way: the cell of the granule to which word points. NULL when the
 * cell is not enough: then call blocks_find(). */
static inline struct cell *blocks_cell(uintptr_t word)
{
	const uint64_t *slot = blocks_slot[word >> SLOT_SHIFT];
	uint64_t entry;

	if (!slot)
		return NULL;
	entry = slot[1 + (word >> SHEET_SHIFT & (SLOT_SHEETS - 1))];
	if (entry & (ENTRY_EMPTY | ENTRY_FINE))
		return NULL;
	return &((struct sheet *)entry)
			->cell[word >> (GRANULE_SHIFT + 6) &
			       ((1u << (SHEET_SHIFT - GRANULE_SHIFT - 6)) - 1)];
}

/* The sheet in which a block begins. */
static inline struct sheet *blocks_sheet(uintptr_t block)
{
	const uint64_t *slot = blocks_slot[block >> SLOT_SHIFT];
	uint64_t entry = slot[1 + (block >> SHEET_SHIFT & (SLOT_SHEETS - 1))];

	return (struct sheet *)(entry & ~(uint64_t)ENTRY_FINE);
}

static inline bool blocks_may_hold(uintptr_t word)
{
	return word - blocks_low < blocks_span;
}

/* The rest is for blocks.c. */

/* Blocks that reach into another slot. */
struct large {
	uintptr_t block, end;
};
extern struct list blocks_large;

/* Blocks from which a pool carves others. Those may be such blocks again. */
struct outer {
	uintptr_t block;
	uint32_t in; /* the number of the one around it, from 1; or 0 */
};
extern struct list blocks_outer;

/* Whether some sheet has granules of another size. */
extern bool blocks_fine;

#endif
