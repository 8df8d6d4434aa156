/*
 * See drop.h. Snapshot child only.
 *
 * A page of 4 KiB goes when all blocks that begin in it or reach into it are
 * live and the program's. What lies between them is the allocator's. A page in
 * which no block lies is not looked at. Mappings are only cut in large pieces:
 * their number is limited, and a small piece saves little. Where blocks lie in
 * each other, or at odd addresses (pools), all stays.
 */
#include <sys/mman.h>
#include "base/sys.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/drop.h"
#include "scan/maps.h"
#include "scan/fault.h"
#include "scan/sheet.h"
#include "stack/module.h"

#define SMALL_PAGE 4096ul
#define PAGE_CELLS (SMALL_PAGE >> (GRANULE_SHIFT + 6))
#define LEAST (64ul << 10)
#define STREAMS 65536
#define STREAM_CHAIN 104 /* offset of the next FILE in glibc's FILE */

static struct drop {
	const struct maps *maps;
	const struct map *map;
	uintptr_t low, high; /* the range to unmap */
	uintptr_t reach;     /* the end of the last block, ... */
	bool reach_stays;    /* ... which stays */
} drop;

static void keep_block(uintptr_t word)
{
	uintptr_t block = blocks_find(word);

	if (block != BLOCK_NONE)
		blocks_place(block).cell->stays = 1;
}

extern char *streams __asm__("_IO_list_all") __attribute__((weak));

/* Keeps FILEs: samples name the files of the FILEs that they hold. */
static void keep_streams(void)
{
	char *stream = &streams ? streams : NULL;
	uint32_t i;

	for (i = 0; stream && i < STREAMS; i++) {
		const struct map *map =
			maps_find(drop.maps, (uintptr_t)stream + STREAM_CHAIN);

		if (!map || !map->read)
			return;
		keep_block((uintptr_t)stream);
		fault_copy(&stream, (uintptr_t)stream + STREAM_CHAIN,
			   sizeof stream);
	}
}

bool drop_has(uintptr_t block)
{
	struct place place = blocks_place(block);

	return drop.maps && place.cell->strong & place.bit &&
	       !place.cell->stays;
}

static void flush(void)
{
	if (drop.high - drop.low >= LEAST)
		sys(SYS_munmap, drop.low, drop.high - drop.low);
	drop.low = drop.high = 0;
}

/* Whether it is in a private anonymous mapping that is no module's and no
 * stack. */
static bool may_go(uintptr_t at)
{
	const struct map *end = drop.maps->list + drop.maps->n;

	while (drop.map < end && drop.map->high <= at)
		drop.map++;
	return drop.map < end && drop.map->low <= at && !drop.map->file &&
	       !drop.map->shared &&
	       (drop.map->kind == MAP_OF_HEAP || drop.map->kind == MAP_FOREIGN);
}

static void add(uintptr_t at)
{
	if (!may_go(at)) {
		flush();
		return;
	}
	if (at != drop.high) {
		flush();
		drop.low = at;
	}
	drop.high = at + SMALL_PAGE;
}

/* Adds a block that reaches over pages in which none begins. */
static void add_reach(uintptr_t from, uintptr_t to)
{
	if (drop.reach_stays)
		return;
	to = to < drop.reach ? to : drop.reach;
	for (; from + SMALL_PAGE <= to; from += SMALL_PAGE)
		add(from);
}

static void note_last(const struct sheet *sheet, uint32_t cell)
{
	uint64_t begins = sheet->cell[cell].begins;
	uint32_t bit = 63 - (uint32_t)__builtin_clzl(begins);
	uintptr_t block = cell_address(sheet, cell, bit);
	uintptr_t end = block + blocks_size(block);

	if (end <= drop.reach) /* it lies in another */
		return;
	drop.reach = end;
	drop.reach_stays = sheet->cell[cell].stays ||
			   !(sheet->cell[cell].strong >> bit & 1);
}

static void look_at(const struct sheet *sheet, uint32_t first)
{
	uintptr_t at = cell_address(sheet, first, 0);
	bool any = false, stays = drop.reach > at && drop.reach_stays;
	uint32_t i, last = first;

	for (i = first; i < first + PAGE_CELLS; i++) {
		const struct cell *cell = &sheet->cell[i];

		stays |= cell->stays || cell->begins & ~cell->strong;
		if (cell->begins)
			last = i;
		any |= cell->begins != 0;
	}
	if (!any) {
		add_reach(at, at + SMALL_PAGE);
		return;
	}
	if (!stays)
		add(at);
	note_last(sheet, last);
}

/* The loader's memory may be unmapped, too: the loader is asked before that. */
static void note_modules(const struct maps *maps)
{
	uint32_t i;

	for (i = 0; i < maps->n; i++)
		if (maps->list[i].code && maps->list[i].file)
			(void)module_find(maps->list[i].low);
	module_freeze();
}

void drop_live(const struct maps *maps)
{
	uintptr_t done = 0;
	uint32_t i, k;

	if (blocks_have_outer() || blocks_have_fine())
		return;
	drop = (struct drop){.maps = maps, .map = maps->list};
	note_modules(maps);
	keep_streams();
	keep_block((uintptr_t)__builtin_thread_pointer());
	for (i = 0; i < blocks_sheets_n; i++) {
		const struct sheet *sheet = blocks_sheets[i];

		if (done < sheet->address)
			add_reach((done + SMALL_PAGE - 1) & -SMALL_PAGE,
				  sheet->address);
		done = sheet->address + (1ul << SHEET_SHIFT);
		for (k = 0; k < sheet_cells(sheet); k += PAGE_CELLS)
			look_at(sheet, k);
	}
	add_reach(done, UINTPTR_MAX);
	flush();
}
