/*
 * See halves.h. A half counts when it is the exact address of a block. A half
 * that leads into a block, or has tags, counts only in a table: a block most of
 * whose halves lead to blocks (GHashTable's keys, when they are GObjects with
 * private data before them). A half of a word that as a whole is an address of
 * mapped memory never counts.
 *
 * Snapshot child only.
 */
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/halves.h"
#include "scan/maps.h"
#include "scan/mark.h"
#include "scan/marked.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/sheet.h"

#define BELOW (1ul << 32)
#define TAGS 3ul

bool halves_possible;
static const struct maps *maps;
static uintptr_t low_block, span; /* where the blocks in question begin */

void halves_begin(const struct maps *all)
{
	maps = all;
	halves_possible = blocks.n && blocks_sheets[0]->address < BELOW;
	low_block = 0;
	span = BELOW;
}

static inline uintptr_t half_at(uintptr_t at)
{
	return *(const volatile uint32_t *)at;
}

static bool begins_block(uintptr_t half)
{
	const struct cell *cell;

	if (!blocks_may_hold(half))
		return false;
	cell = blocks_cell(half);
	if (!cell)
		return blocks_begins(half);
	return half % 16 == 0 &&
	       cell->begins >> (half >> GRANULE_SHIFT & 63) & 1;
}

/* A pointer into a block, or to its first byte with tags (GTK's style cache).
 */
static bool is_inside(uintptr_t half)
{
	if (half % 8)
		return begins_block(half & ~TAGS);
	return blocks_may_hold(half) && blocks_find(half) != BLOCK_NONE;
}

/* Whether the half at `at`, in [low, high), is no part of a word that as a
 * whole leads somewhere. */
static bool is_half(uintptr_t at, uintptr_t low, uintptr_t high)
{
	uintptr_t word = at & -8ul;

	if (word < low || word + 8 > high)
		return true;
	word = *(const volatile uintptr_t *)word;
	return (at & 4 || word >= BELOW) && !maps_find(maps, word);
}

static bool is_table(uintptr_t low, uintptr_t high)
{
	uintptr_t at;
	uint64_t all = 0, leading = 0;

	for (at = (low + 3) & -4ul; at + 4 <= high; at += 4) {
		if (!half_at(at) || !is_half(at, low, high))
			continue;
		all++;
		leading += is_inside(half_at(at));
	}
	return leading * 2 > all;
}

struct reader {
	read_visit_fn *visit;
	void *data;
	bool in_block;
};

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	const struct reader *reader = data;
	enum { UNKNOWN, YES, NO } table = reader->in_block ? UNKNOWN : NO;
	uintptr_t at = (low + 3) & -4ul;

	for (; at + 4 <= high; at += 4) {
		uintptr_t half = half_at(at);
		bool begins;

		if (half - low_block >= span)
			continue;
		begins = begins_block(half);
		if ((!begins && (table == NO || !is_inside(half))) ||
		    !is_half(at, low, high) || counts_is_weak(at) ||
		    counts_is_weak(at & -8ul))
			continue;
		if (!begins && table == UNKNOWN)
			table = is_table(low, high) ? YES : NO;
		if (begins || table == YES)
			reader->visit(at, half, reader->data);
	}
}

void halves_visit(uintptr_t low, uintptr_t high, read_visit_fn *visit,
		  void *data)
{
	struct reader reader = {visit, data, true};

	visit_run(low, high, &reader);
}

void halves_visit_block(uintptr_t block, read_visit_fn *visit, void *data)
{
	struct reader reader = {visit, data, true};

	read_block_runs(block, visit_run, &reader);
}

static void mark_found(uintptr_t at, uintptr_t half, void *data)
{
	(void)data;
	mark_suspect(blocks_find(half), at, ROOT_HALF);
}

void halves_mark_block(uintptr_t block)
{
	if (declared_is_whole(block))
		return;
	halves_visit_block(block, mark_found, NULL);
}

void halves_mark(const struct roots *roots)
{
	struct reader reader = {mark_found, NULL, false};
	uint32_t i;

	if (!halves_possible || !span)
		return;
	for (i = 0; i < roots->n; i++)
		if (!roots->list[i].code)
			read_root(&roots->list[i], visit_run, &reader);
	marked_each(roots, halves_mark_block);
	low_block = 0;
	span = BELOW;
}
