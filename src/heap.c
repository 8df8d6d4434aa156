/*
 * The table of records: see heap.h. The first level has one slot for each
 * 32 MiB of address space; a slot's chunk is mapped when the first block in
 * it is recorded and never unmapped. The kernel gives pages of both levels
 * only where they are written.
 *
 * Of two blocks in one granule, which only pools make, the upper one has the
 * word, and the lower one, of 16 bytes at most, stands in the overflow.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "arena.h"
#include "guard.h"
#include "heap.h"
#include "overflow.h"
#include "sys.h"

#define HUGE_PAGE (2ul << 20)

struct heap_table heap_table = {.odd = UINT64_MAX};
static uint8_t epoch, first_epoch;

static void epoch_set(uint8_t to)
{
	epoch = to;
	heap_table.fresh = (uint64_t)epoch << HEAP_EPOCH_SHIFT | HEAP_LIVE;
}

int heap_init(unsigned granule)
{
	heap_table.shift = granule == 32 ? 5 : 4;
	heap_table.upper = granule == 32 ? HEAP_UPPER : 0;
	heap_table.index_mask =
		(1u << (HEAP_CHUNK_SHIFT - heap_table.shift)) - 1;
	epoch_set(0);
	first_epoch = 0;
	heap_table.slots = arena_map(HEAP_SLOTS * sizeof *heap_table.slots);
	if (heap_table.slots)
		heap_table.odd = HEAP_ODD;
	return heap_table.slots ? 0 : -ENOMEM;
}

/* Leaves room for generations of forked children. */
void heap_next_epoch(void)
{
	if (epoch < HEAP_EPOCH_LAST)
		epoch_set(epoch + 1);
}

/* Where there are no more numbers the parent's blocks are marked instead. */
void heap_inherit(void)
{
	if (epoch == HEAP_EPOCH_MAX)
		heap_baseline();
	epoch_set(epoch < HEAP_EPOCH_MAX ? epoch + 1 : 0);
	first_epoch = epoch;
}

uint8_t heap_first_epoch(void)
{
	return first_epoch;
}

void heap_fork_prepare(void)
{
	overflow_fork_prepare();
}

void heap_fork_done(void)
{
	overflow_fork_done();
}

static struct heap_chunk *chunk_make(struct heap_chunk **slot)
{
	size_t bytes = sizeof(struct heap_chunk) + heap_chunk_words() * 8ul;
	struct heap_chunk *fresh = arena_map(bytes), *seen = NULL;

	if (!fresh)
		return NULL;
	heap_table.touched[(slot - heap_table.slots) / HEAP_SLOT_PAGE] = 1;
	if (__atomic_compare_exchange_n(slot, &seen, fresh, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return fresh;
	arena_unmap(fresh, bytes);
	return seen;
}

/* Where the heap is dense, records to come have huge pages: they cost a clone
 * next to nothing. `at` is the address of the first record of a page that is
 * about to be written; asked for is what follows as much again, all written. */
static void huge_ahead(struct heap_chunk *chunk, uintptr_t at)
{
	uintptr_t page = (uintptr_t)&chunk->word[heap_index(at)];
	uintptr_t back = HUGE_PAGE / 8 << heap_table.shift, k;
	const struct heap_chunk *before;

	if (page % HUGE_PAGE || at < back)
		return;
	for (k = heap_page_span(); k <= back; k += heap_page_span()) {
		before = heap_chunk(at - k);
		if (!before ||
		    !before->touched[heap_index(at - k) / HEAP_PAGE_WORDS])
			return;
	}
	sys(SYS_madvise, page, HUGE_PAGE, MADV_HUGEPAGE);
}

/* The place of the record of an address, about to be written; NULL when there
 * can be none. */
static uint64_t *place_make(uintptr_t address)
{
	struct heap_chunk *chunk;
	uint32_t page;

	if (unlikely(!heap_is_even(address)))
		return NULL;
	chunk = heap_chunk(address);
	if (!chunk)
		chunk = chunk_make(
			&heap_table.slots[address >> HEAP_CHUNK_SHIFT]);
	if (!chunk)
		return NULL;
	page = heap_index(address) / HEAP_PAGE_WORDS;
	if (!chunk->touched[page]) {
		huge_ahead(chunk, address & ~(heap_page_span() - 1));
		chunk->touched[page] = 1;
	}
	return &chunk->word[heap_index(address)];
}

/* A page's first record, a large block, or two in one granule. */
void heap_store_slow(uintptr_t address, struct heap_word word, size_t size)
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
