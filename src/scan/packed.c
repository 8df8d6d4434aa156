/*
 * See packed.h. A block's address ends with one of a few bytes (0x55, 0x7f) and
 * two of zero. These three bytes are searched for, 16 places at a time, which
 * costs little more than reading the memory. Where blocks lie so low that the
 * sixth byte is zero as well, each place is looked at.
 *
 * Snapshot child only.
 */
#include <link.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include "heap/range.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/judged.h"
#include "scan/mark.h"
#include "scan/marked.h"
#include "scan/packed.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/sheet.h"
#include <emmintrin.h>

#define TOPS 4

static struct {
	uint8_t top[TOPS]; /* sixth bytes */
	unsigned n;
	bool plain; /* the sixth bytes say too little */
} tops;

/* The loader's own data has its pointers at multiples of 8. */
static struct range loader;

static void add_top(uint8_t top)
{
	unsigned i;

	for (i = 0; i < tops.n; i++)
		if (tops.top[i] == top)
			return;
	tops.plain |= !top || tops.n == TOPS;
	if (tops.n < TOPS)
		tops.top[tops.n++] = top;
}

static void find_loader(void)
{
	uintptr_t base = getauxval(AT_BASE);
	struct dl_find_object found;

	loader = (struct range){0, 0};
	if (base && !_dl_find_object((void *)base, &found))
		loader = (struct range){(uintptr_t)found.dlfo_map_start,
					(uintptr_t)found.dlfo_map_end};
}

static bool is_loaders(uintptr_t at)
{
	return at >= loader.low && at < loader.high;
}

static void begin(void)
{
	uint32_t i;

	tops.n = 0;
	tops.plain = false;
	for (i = 0; i < blocks_sheets_n; i++)
		add_top(blocks_sheets[i]->address >> 40);
}

static bool begins_block(uintptr_t word)
{
	const struct cell *cell = blocks_cell(word);
	uint64_t bit = 1ul << (word >> GRANULE_SHIFT & 63);

	return cell && cell->begins & bit && !(word & 15);
}

/* Set while whole pages are read, with what is between their blocks. */
static const struct roots *whole;

static bool is_marked(uintptr_t block)
{
	struct place place = blocks_place(block);

	return place.cell && place.cell->strong & place.bit;
}

/* Whether `at` is in a marked block of which all is to be read. */
static bool counts_here(uintptr_t at)
{
	uintptr_t block = blocks_find(at);

	return block != BLOCK_NONE &&
	       at + sizeof at <= block + blocks_size(block) &&
	       is_marked(block) && !marked_has_stack(whole, block);
}

/* The block to which a word leads, when it is the exact address of a block or
 * of an object in it. */
static uintptr_t block_at(uintptr_t word)
{
	uintptr_t block;

	if (begins_block(word))
		return word;
	if (!declared_exist)
		return BLOCK_NONE;
	block = blocks_find(word);
	return block != BLOCK_NONE && declared_is_at(block, word) ? block
								  : BLOCK_NONE;
}

static uintptr_t where(uintptr_t at)
{
	uintptr_t block = declared_exist ? blocks_find(at) : BLOCK_NONE;

	return block != BLOCK_NONE && declared_is_whole(block)
		       ? at | JUDGED_WHOLE
		       : at;
}

static inline void look(uintptr_t at)
{
	uintptr_t word = read_word(at), block;

	if (!blocks_may_hold(word))
		return;
	block = block_at(word);
	if (block != BLOCK_NONE && !is_marked(block) && !is_loaders(at) &&
	    !counts_is_weak(at) && (!whole || counts_here(at)))
		mark_word(word, where(at));
}

static void read_plain(uintptr_t low, uintptr_t high)
{
	for (; low + 8 <= high; low++)
		if (low % 8)
			look(low);
}

static inline __m128i load(uintptr_t at)
{
	return _mm_loadu_si128((const __m128i *)at);
}

/* The places in the 16 bytes from `at` where a sixth byte is followed by two of
 * zero. */
static inline unsigned find_tops(uintptr_t at)
{
	__m128i zero = _mm_setzero_si128(), bytes = load(at);
	__m128i ends =
		_mm_cmpeq_epi8(_mm_or_si128(load(at + 1), load(at + 2)), zero);
	__m128i any = zero;
	unsigned i;

	for (i = 0; i < tops.n; i++)
		any = _mm_or_si128(
			any, _mm_cmpeq_epi8(bytes,
					    _mm_set1_epi8((char)tops.top[i])));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(any, ends));
}

static void read_tops(uintptr_t low, uintptr_t high)
{
	/* sixth bytes of the words that begin in [low, high - 8] */
	uintptr_t at = (low & -8ul) + 5, end = high - 2;

	for (; at + 18 <= high; at += 16) {
		unsigned bits = find_tops(at) & 0xfefe; /* not those at 8 */

		for (; bits; bits &= bits - 1) {
			uintptr_t word = at + __builtin_ctz(bits) - 5;

			if (word >= low)
				look(word);
		}
	}
	for (; at < end; at++)
		if (at % 8 != 5 && at - 5 >= low)
			look(at - 5);
}

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	(void)data;
	if (high - low < 12 || high < low)
		return;
	if (tops.plain)
		read_plain(low, high);
	else
		read_tops(low, high);
}

void packed_mark_block(uintptr_t block)
{
	if (!mark_is_done())
		read_block_runs(block, visit_run, NULL);
}

/* Reads from the first block in the page to the end of the last. Asking for the
 * size of each block would take longer than reading what is between them. */
static void read_sheet(const struct sheet *sheet)
{
	uintptr_t first = blocks_from(sheet->address), last, size;
	uint32_t k = sheet_cells(sheet);

	while (k-- && !sheet->cell[k].begins)
		;
	last = cell_address(sheet, k,
			    63 - __builtin_clzl(sheet->cell[k].begins));
	size = blocks_size(last);
	if (size >= READ_LARGE) {
		if (is_marked(last) && !marked_has_stack(whole, last))
			read_block_runs(last, visit_run, NULL);
		size = 0;
	}
	read_runs(first, last + size, ROOT_PRIVATE, visit_run, NULL);
}

void packed_mark(const struct roots *roots)
{
	uint32_t i;

	begin();
	find_loader();
	for (i = 0; i < roots->n; i++)
		if (roots->list[i].kind != ROOT_STALE)
			read_root(&roots->list[i], visit_run, NULL);
	whole = roots;
	for (i = 0; i < blocks_sheets_n && !mark_is_done(); i++)
		read_sheet(blocks_sheets[i]);
	whole = NULL;
}
