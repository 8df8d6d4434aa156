/*
 * Makes the index of blocks.h from the records. Snapshot child only. Slots in
 * which no block begins can only be inside a block that began in an earlier
 * one, and such blocks are few.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/likely.h"
#include "base/list.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "heap/overflow.h"
#include "scan/blocks_build.h"
#include "scan/maps.h"
#include "scan/sheet.h"
#include "stack/depot.h"

#define SPAN (1ul << SHEET_SHIFT)

struct blocks blocks;
struct sheet **blocks_sheets;
uint32_t blocks_sheets_n;
uint64_t **blocks_slot;
uintptr_t blocks_low, blocks_span;
struct list blocks_large, blocks_outer, blocks_first;
uint32_t *blocks_of_stack;
bool blocks_fine;

static struct list sheets;

/* A block that has not ended when another begins. */
struct open {
	uintptr_t block, end;
	uint32_t outer; /* its number among the outer blocks */
};

static struct build {
	struct arena arena;
	const struct maps *maps;
	const struct map *map; /* the first that ends past the last block */
	uintptr_t last;	       /* block */
	struct open first;     /* the last block that lies in no other, ... */
	struct list open;      /* ... and the blocks in it, if there are some */
	uint64_t *slot;
	uintptr_t number; /* of slot */
	uint32_t done;	  /* entries of the slot that are filled */
	struct overflow_list odd;
	uint32_t odd_at;
	uint32_t stacks; /* of blocks_of_stack */
	int failed;
} build;

/* Fills the entries of sheets in which no block begins. The last block before
 * may reach into them, or up to their first byte. */
static void fill_slot(uint32_t to)
{
	for (; build.done < to; build.done++) {
		uintptr_t sheet = (build.number << SLOT_SHIFT) +
				  (build.done ? build.done - 1 : 0) * SPAN;
		uintptr_t last = build.first.end >= sheet ? build.last : 0;

		build.slot[build.done] = last << 1 | ENTRY_EMPTY;
	}
}

static bool open_slot(uintptr_t number)
{
	if (build.slot && number == build.number)
		return true;
	if (build.slot)
		fill_slot(SLOT_SHEETS + 1);
	build.slot = arena_alloc(&build.arena,
				 (SLOT_SHEETS + 1) * sizeof *build.slot);
	if (!build.slot)
		return false;
	build.number = number;
	build.done = 0;
	blocks_slot[number] = build.slot;
	return true;
}

static struct sheet *add_sheet(uintptr_t address, uint32_t granule)
{
	size_t bytes = sizeof(struct sheet) +
		       (SPAN >> granule) / 64 * sizeof(struct cell);
	struct sheet *sheet = arena_aligned(&build.arena, bytes, 32);
	uint32_t at = 1 + (address >> SHEET_SHIFT & (SLOT_SHEETS - 1));

	if (!sheet || !open_slot(address >> SLOT_SHIFT) ||
	    !list_add(&sheets, &sheet, sizeof sheet)) {
		build.failed = -ENOMEM;
		return NULL;
	}
	sheet->address = address;
	sheet->granule = granule;
	blocks_fine |= granule != GRANULE_SHIFT;
	fill_slot(at);
	build.slot[build.done++] =
		(uintptr_t)sheet | (granule == GRANULE_SHIFT ? 0 : ENTRY_FINE);
	return sheet;
}

/* Mappings and blocks both come in order of address. */
static inline bool is_mapped(uintptr_t block)
{
	const struct maps *maps = build.maps;

	if (!maps)
		return true;
	while (build.map < maps->list + maps->n && build.map->high <= block)
		build.map++;
	return build.map < maps->list + maps->n && build.map->low <= block;
}

/* Live by decree: internal allocations, ignored ones, a parent's. */
static bool is_decreed(uintptr_t block, struct heap_word word)
{
	return word.bits & HEAP_IGNORED || !heap_stack(word) ||
	       heap_epoch(word) < heap_first_epoch() || !is_mapped(block);
}

/* Blocks that lie in another come after it, and none reaches out of it. */
static __attribute__((noinline)) void note_inner(uintptr_t block, uint64_t size)
{
	struct open *open;
	struct open this = {block, block + size, 0};

	if (!build.open.n && !list_add(&build.open, &build.first, sizeof this))
		build.failed = -ENOMEM;
	open = build.open.list;
	while (build.open.n && open[build.open.n - 1].end <= block)
		build.open.n--;
	if (build.open.n && !open[build.open.n - 1].outer) {
		uint32_t n = build.open.n - 1;
		struct outer entry = {open[n].block, n ? open[n - 1].outer : 0};

		if (!list_add(&blocks_outer, &entry, sizeof entry))
			build.failed = -ENOMEM;
		open[n].outer = blocks_outer.n;
	}
	if (!list_add(&build.open, &this, sizeof this))
		build.failed = -ENOMEM;
}

static inline void note_nesting(uintptr_t block, uint64_t size)
{
	if (unlikely(block < build.first.end)) {
		note_inner(block, size);
		return;
	}
	build.first = (struct open){block, block + size, 0};
	build.open.n = 0;
}

static void note_large(uintptr_t block, uintptr_t end)
{
	struct large entry = {block, end};

	if (!list_add(&blocks_large, &entry, sizeof entry))
		build.failed = -ENOMEM;
}

static __attribute__((noinline)) void note_first(uintptr_t block)
{
	if (!list_add(&blocks_first, &block, sizeof block))
		build.failed = -ENOMEM;
}

static inline void add(struct cell *cell, uint32_t bit, uintptr_t block,
		       struct heap_word word, uint64_t size)
{
	uint32_t stack = heap_stack(word);

	cell->begins |= 1ul << bit;
	if (unlikely(is_decreed(block, word)))
		cell->strong |= 1ul << bit;
	if (!blocks.n++)
		blocks_low = block;
	if (likely(stack)) {
		if (likely(stack < build.stacks) &&
		    unlikely(blocks_of_stack[stack]++ < BLOCKS_FIRST))
			note_first(block);
		blocks.programs++;
		blocks.bytes += size;
	} else {
		cell->stays = 1;
	}
	/* its last byte, or the one past it, is in another slot */
	if (unlikely((block + size) >> SLOT_SHIFT != block >> SLOT_SHIFT))
		note_large(block, block + size);
	note_nesting(block, size);
	build.last = block;
}

static void add_plain(uintptr_t address, const uint64_t *words)
{
	struct sheet *sheet = NULL;
	uint32_t i, n = SPAN >> heap_table.shift;

	for (i = 0; i < n; i++) {
		struct heap_word word = {words[i]};
		uintptr_t block;
		uint32_t at;

		if (!word.bits)
			continue;
		block = heap_begin(address + ((uintptr_t)i << heap_table.shift),
				   word.bits);
		at = (block - address) >> GRANULE_SHIFT;
		if (!sheet)
			sheet = add_sheet(address, GRANULE_SHIFT);
		if (!sheet)
			return;
		add(&sheet->cell[at / 64], at % 64, block, word,
		    heap_size(block, word));
	}
}

static void add_fine_block(struct sheet *sheet, uintptr_t block,
			   struct heap_word word, uint64_t size)
{
	uint32_t at = (block - sheet->address) >> sheet->granule;

	add(&sheet->cell[at / 64], at % 64, block, word, size);
}

/* Adds a sheet with blocks that are not in the table of records. */
static void add_fine(uintptr_t address, const uint64_t *words, uint32_t odd_n)
{
	const struct heap_entry *odd = &build.odd.entry[build.odd_at];
	const struct heap_entry *end = odd + odd_n;
	struct sheet *sheet;
	uintptr_t all = 0;
	uint32_t i, n = SPAN >> heap_table.shift;

	for (i = 0; i < odd_n; i++)
		all |= odd[i].address;
	sheet = add_sheet(address, all % 16 == 0 ? 4 : all % 8 == 0 ? 3 : 0);
	for (i = 0; sheet && i < n; i++) {
		struct heap_word word = {words ? words[i] : 0};
		uintptr_t block =
			heap_begin(address + ((uintptr_t)i << heap_table.shift),
				   word.bits);

		for (; odd < end && odd->address < block; odd++)
			add_fine_block(sheet, odd->address, odd->word,
				       odd->size);
		if (word.bits)
			add_fine_block(sheet, block, word,
				       heap_size(block, word));
	}
	for (; sheet && odd < end; odd++)
		add_fine_block(sheet, odd->address, odd->word, odd->size);
	build.odd_at += odd_n;
}

static uint32_t odd_before(uintptr_t high)
{
	uint32_t n = 0;

	while (build.odd_at + n < build.odd.n &&
	       build.odd.entry[build.odd_at + n].address < high)
		n++;
	return n;
}

int blocks_build(const struct maps *maps)
{
	uintptr_t at = 0, end = 1ul << 47;
	uint32_t odd_n;

	build = (struct build){.maps = maps, .map = maps ? maps->list : NULL};
	sheets.n = blocks_large.n = blocks_outer.n = blocks_first.n = 0;
	blocks_fine = false;
	blocks_slot = arena_reserve(SLOTS * sizeof *blocks_slot);
	build.stacks = depot_count() + 1;
	blocks_of_stack = arena_array(&build.arena, build.stacks,
				      sizeof *blocks_of_stack);
	if (!blocks_slot || !blocks_of_stack || overflow_list(&build.odd))
		return -ENOMEM;
	for (; at < end && !build.failed; at += SPAN) {
		uintptr_t odd = build.odd_at < build.odd.n
					? build.odd.entry[build.odd_at].address
					: end;

		at = heap_next_written(at);
		at = (odd < at ? odd : at) & -SPAN;
		if (at >= end)
			break;
		odd_n = odd_before(at + SPAN);
		if (odd_n)
			add_fine(at, heap_words(at), odd_n);
		else
			add_plain(at, heap_words(at));
	}
	if (build.slot)
		fill_slot(SLOT_SHEETS + 1);
	blocks_sheets = sheets.list;
	blocks_sheets_n = sheets.n;
	blocks_span = blocks.n ? build.first.end + 1 - blocks_low : 0;
	return build.failed;
}
