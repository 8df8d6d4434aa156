/*
 * The index of the snapshot's blocks, which is made once a scan. Snapshot child
 * only.
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
	uint32_t programs; /* of them, what the loader and we ourselves did not
			      allocate, ... */
	uint64_t bytes;	   /* ... and their bytes */
};
extern struct blocks blocks;

/* What lies in no mapping (a pool is gone as a whole) is not lost: such blocks
 * and those that are live by decree are marked strong. maps may be NULL.
 * 0 or -ENOMEM. */
int blocks_build(const struct maps *maps) __attribute__((warn_unused_result));

/* All sheets, in order of address. */
extern struct sheet **blocks_sheets;
extern uint32_t blocks_sheets_n;

/*
 * The directory: for each slot of 32 MiB in which a block begins, an entry a
 * sheet, and one before them. An entry is a sheet, tagged where its granules
 * are not 16 bytes; or the last block that begins before, tagged.
 */
#define SLOT_SHIFT 28
#define SLOTS (1u << (47 - SLOT_SHIFT))
#define SLOT_SHEETS (1u << (SLOT_SHIFT - SHEET_SHIFT))
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
	entry = slot[1 + (word >> SHEET_SHIFT & (SLOT_SHEETS - 1))];
	if (entry & (ENTRY_EMPTY | ENTRY_FINE))
		return NULL;
	return &((struct sheet *)entry)
			->cell[word >> (GRANULE_SHIFT + 6) &
			       ((1u << (SHEET_SHIFT - GRANULE_SHIFT - 6)) - 1)];
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

/* Those that a pool carves others from, which may be such again. */
struct outer {
	uintptr_t block;
	uint32_t in; /* the number of another, from 1, or 0 */
};
extern struct list blocks_outer;

/* Some sheet has granules of another size. */
extern bool blocks_fine;

#endif
