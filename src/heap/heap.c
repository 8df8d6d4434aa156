/*
 * The table of records: see heap.h. Directories and pages are made when the
 * first block is recorded in them, and stay for ever. Pages are cut from
 * pieces, each as large as all before it, so that the address space is never
 * much more than what is used.
 *
 * Two blocks may begin in one granule, but only pools make such. The upper one
 * then has the word. The lower one, of 16 bytes at most, is in the overflow.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "base/arena.h"
#include "base/likely.h"
#include "base/sys.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "heap/overflow.h"

#define PIECE_MIN (64ul << 10)
#define PIECE_MAX (8ul << 20)
#define HUGE_PAGE (2ul << 20)

/* The head of a piece takes the place of its first page of records. */
struct piece {
	size_t bytes, used;
	struct piece *older;
};
static struct piece *piece;

struct heap_table heap_table = {.odd = UINT64_MAX, .quick = HEAP_SIZE_MAX};
static uint8_t epoch, first_epoch;

/* Blocks of a forked child. Most have a handful, between thousands of their
 * parent's. listed_n > HEAP_LISTED: there were more. */
static uintptr_t listed[HEAP_LISTED];
static uint32_t listed_n;

static void epoch_set(uint8_t to)
{
	epoch = to;
	heap_table.fresh = (uint64_t)epoch << HEAP_EPOCH_SHIFT | HEAP_LIVE;
}

int heap_init(unsigned granule)
{
	heap_table.shift = granule == 32 ? 5 : 4;
	heap_table.upper = granule == 32 ? HEAP_UPPER : 0;
	epoch_set(0);
	first_epoch = 0;
	heap_table.slots = arena_map(HEAP_SLOTS * sizeof *heap_table.slots);
	if (heap_table.slots)
		heap_table.odd = HEAP_ODD;
	return heap_table.slots ? 0 : -ENOMEM;
}

static void unmap_dirs(uintptr_t *slots)
{
	uintptr_t i;

	for (i = 0; i < HEAP_SLOTS; i++)
		if (!heap_table.touched[i / HEAP_SLOT_PAGE])
			i += HEAP_SLOT_PAGE - 1;
		else if (slots[i])
			arena_unmap(heap_dir(slots[i], i << HEAP_DIR_SHIFT),
				    sizeof(struct heap_dir));
}

static void stop(bool unmap)
{
	uintptr_t *slots = heap_table.slots;
	struct piece *older;

	heap_table.odd = UINT64_MAX;
	heap_table.slots = NULL;
	overflow_stop(unmap);
	if (unmap && slots) {
		unmap_dirs(slots);
		arena_unmap(slots, HEAP_SLOTS * sizeof *slots);
		for (; piece; piece = older) {
			older = piece->older;
			arena_unmap(piece, piece->bytes);
		}
	}
	memset(heap_table.touched, 0, sizeof heap_table.touched);
}

void heap_stop(void)
{
	stop(false);
}

void heap_give_back(void)
{
	stop(true);
}

/* Leaves room for generations of forked children. */
void heap_next_epoch(void)
{
	if (epoch < HEAP_EPOCH_LAST)
		epoch_set(epoch + 1);
}

/* When no epoch is left, the parent's blocks are marked instead. */
void heap_inherit(void)
{
	if (epoch == HEAP_EPOCH_MAX)
		heap_baseline();
	epoch_set(epoch < HEAP_EPOCH_MAX ? epoch + 1 : 0);
	first_epoch = epoch;
	listed_n = 0;
	heap_table.quick = 0;
}

static void list(uintptr_t address)
{
	uint32_t i = __atomic_fetch_add(&listed_n, 1, __ATOMIC_RELAXED);

	if (i < HEAP_LISTED)
		listed[i] = address;
	else
		heap_table.quick = HEAP_SIZE_MAX;
}

bool heap_listed(const uintptr_t **blocks, uint32_t *n)
{
	*blocks = listed;
	*n = listed_n;
	return !heap_table.quick && listed_n <= HEAP_LISTED;
}

uint8_t heap_first_epoch(void)
{
	return first_epoch;
}

bool heap_is_own(struct heap_word word)
{
	return word.bits && !(word.bits & HEAP_IGNORED) &&
	       heap_epoch(word) >= first_epoch;
}

void heap_fork_prepare(void)
{
	overflow_fork_prepare();
}

void heap_fork_done(void)
{
	overflow_fork_done();
}

static size_t page_bytes(void)
{
	return heap_page_words() * 8ul;
}

/* Makes a larger piece in place of the one that is used up; the first thread
 * that comes does. A piece so large is written from end to end. In huge pages,
 * its records cost a clone next to nothing. */
static struct piece *piece_make(struct piece *old)
{
	size_t bytes = old ? 2 * old->bytes : PIECE_MIN;
	struct piece *made;

	if (bytes > PIECE_MAX)
		bytes = PIECE_MAX;
	made = arena_map(bytes);
	if (!made)
		made = arena_map(bytes = PIECE_MIN);
	if (!made)
		return NULL;
	if (bytes >= HUGE_PAGE)
		sys(SYS_madvise, made, bytes, MADV_HUGEPAGE);
	made->bytes = bytes;
	made->used = page_bytes();
	made->older = old;
	if (__atomic_compare_exchange_n(&piece, &old, made, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	arena_unmap(made, bytes);
	return old;
}

static void *page_make(void)
{
	struct piece *from = __atomic_load_n(&piece, __ATOMIC_ACQUIRE);
	size_t at;

	if (!from)
		from = piece_make(NULL);
	while (from) {
		at = __atomic_fetch_add(&from->used, page_bytes(),
					__ATOMIC_RELAXED);
		if (at + page_bytes() <= from->bytes)
			return (char *)from + at;
		from = piece_make(from);
	}
	return NULL;
}

/* Sets an entry to what was made for it, unless another thread has set it
 * meanwhile. Returns the entry. `part`: see heap.h. */
static uintptr_t entry_set(uintptr_t *entry, const void *made, uintptr_t part)
{
	uintptr_t seen = 0, base = (uintptr_t)made - part * 8;

	if (__atomic_compare_exchange_n(entry, &seen, base, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return base;
	return seen;
}

static uintptr_t dir_make(uintptr_t address)
{
	uintptr_t slot = address >> HEAP_DIR_SHIFT, set;
	uintptr_t first = slot << (HEAP_DIR_SHIFT - HEAP_PAGE_SHIFT);
	struct heap_dir *made = arena_map(sizeof *made);

	if (!made)
		return 0;
	heap_table.touched[slot / HEAP_SLOT_PAGE] = 1;
	set = entry_set(&heap_table.slots[slot], made, first);
	if (set != (uintptr_t)made - first * 8)
		arena_unmap(made, sizeof *made);
	return set;
}

/* The place of an address' record, to be written; NULL when there can be none.
 * When another thread has made a page at the same time, ours stays unused. */
static uint64_t *place_make(uintptr_t address)
{
	uintptr_t *slot, *entry, dir, page;
	void *made;

	if (unlikely(!heap_is_even(address)))
		return NULL;
	slot = &heap_table.slots[address >> HEAP_DIR_SHIFT];
	dir = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
	if (!dir)
		dir = dir_make(address);
	if (!dir)
		return NULL;
	entry = heap_at(dir, address, HEAP_PAGE_SHIFT);
	page = __atomic_load_n(entry, __ATOMIC_ACQUIRE);
	if (!page) {
		made = page_make();
		if (!made)
			return NULL;
		heap_dir(dir, address)
			->touched[heap_dir_index(address) / HEAP_SLOT_PAGE] = 1;
		page = entry_set(entry, made,
				 (address & -HEAP_PAGE_SPAN) >>
					 heap_table.shift);
	}
	return heap_at(page, address, heap_table.shift);
}

/* A page's first record, a large block, or two in one granule. */
static __attribute__((noinline)) void
store_otherwise(uintptr_t address, struct heap_word word, size_t size)
{
	struct heap_entry entry = {address, word, size};
	uint64_t *place;

	if (unlikely(!heap_table.slots)) /* nothing is tracked */
		return;
	place = place_make(address);
	if (!place || (*place && !heap_is_of(*place, address) &&
		       !(word.bits & HEAP_UPPER))) {
		overflow_put(&entry, true);
		return;
	}
	if (*place && !heap_is_of(*place, address)) {
		struct heap_entry lower = {address - 16, {*place}, 0};

		lower.size = heap_size(lower.address, lower.word);
		overflow_put(&lower, true);
	}
	if (heap_small_size(word) == HEAP_SIZE_MAX)
		overflow_put(&entry, false);
	__atomic_store_n(place, word.bits, __ATOMIC_RELEASE);
}

/* Calls nothing while blocks are listed: what a call leaves below the stack
 * pointer of a fiber would hold the block. */
void heap_store_slow(uintptr_t address, struct heap_word word, size_t size,
		     enum heap_granule granule)
{
	if (!heap_table.quick) {
		list(address);
		if (heap_store_below(address, word.bits, size, HEAP_SIZE_MAX,
				     granule))
			return;
	}
	store_otherwise(address, word, size);
}

void heap_restore(const void *block, struct heap_word word, size_t size)
{
	if (word.bits)
		heap_store(block, word.bits, size, HEAP_SHARED);
}

void heap_resize(const void *block, struct heap_word word, size_t size)
{
	heap_record(block, size, heap_stack(word),
		    word.bits & (HEAP_IGNORED | HEAP_SHADOW));
}

struct heap_word heap_erase_slow(uintptr_t address, size_t *size)
{
	uint64_t *place = heap_place(address);
	struct heap_word word = {place ? *place : 0};

	*size = 0;
	if (!heap_is_of(word.bits, address))
		return overflow_take(address, size);
	__atomic_store_n(place, 0, __ATOMIC_RELEASE);
	*size = heap_small_size(word);
	if (*size == HEAP_SIZE_MAX)
		overflow_take(address, size);
	return word;
}
