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
#define SLOT_PAGE 512 /* slots on one page of the first level */

struct heap_table heap_table;
static uint8_t slots_touched[HEAP_SLOTS / SLOT_PAGE];
static uint8_t epoch, first_epoch;

static uint32_t chunk_words(void)
{
	return heap_table.index_mask + 1;
}

/* Bytes of address space that a page of records is for. */
static uintptr_t page_span(void)
{
	return (uintptr_t)HEAP_PAGE_WORDS << heap_table.shift;
}

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
	return heap_table.slots ? 0 : -ENOMEM;
}

/* Leaves room for generations of forked children. */
void heap_next_epoch(void)
{
	if (epoch < HEAP_EPOCH_MAX - 20)
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
	size_t bytes = sizeof(struct heap_chunk) + chunk_words() * 8ul;
	struct heap_chunk *fresh = arena_map(bytes), *seen = NULL;

	if (!fresh)
		return NULL;
	slots_touched[(slot - heap_table.slots) / SLOT_PAGE] = 1;
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
	for (k = page_span(); k <= back; k += page_span()) {
		before = heap_chunk(at - k);
		if (!before ||
		    !before->touched[heap_index(at - k) / HEAP_PAGE_WORDS])
			return;
	}
	sys(SYS_madvise, page, HUGE_PAGE, MADV_HUGEPAGE);
}

/* The place of the record of an address; NULL when there is none. */
static uint64_t *heap_place(uintptr_t address, bool make)
{
	struct heap_chunk *chunk;
	uint32_t at;

	if (unlikely(!heap_is_even(address) || !heap_table.slots))
		return NULL;
	chunk = heap_chunk(address);
	if (!chunk && make)
		chunk = chunk_make(
			&heap_table.slots[address >> HEAP_CHUNK_SHIFT]);
	if (!chunk)
		return NULL;
	at = heap_index(address);
	if (make && !chunk->touched[at / HEAP_PAGE_WORDS]) {
		huge_ahead(chunk, address & ~(page_span() - 1));
		chunk->touched[at / HEAP_PAGE_WORDS] = 1;
	}
	return &chunk->word[at];
}

/* Whether the word is that of a block at this address. */
static bool is_of(uint64_t bits, uintptr_t address)
{
	return bits && (bits & HEAP_UPPER) == heap_half(address);
}

/* A page's first record, a large block, or two in one granule. */
void heap_store_slow(uintptr_t address, struct heap_word word, size_t size)
{
	struct heap_entry entry = {address, word, size};
	uint64_t *place;

	if (unlikely(!heap_table.slots)) /* nothing is tracked */
		return;
	place = heap_place(address, true);
	if (!place ||
	    (*place && !is_of(*place, address) && !(word.bits & HEAP_UPPER))) {
		overflow_put(&entry, true);
		return;
	}
	if (*place && !is_of(*place, address)) {
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
		heap_store(block, word.bits, size);
}

void heap_resize(const void *block, struct heap_word word, size_t size)
{
	heap_record(block, size, heap_stack(word),
		    word.bits & (HEAP_IGNORED | HEAP_SHADOW));
}

struct heap_word heap_erase_slow(uintptr_t address, size_t *size)
{
	uint64_t *place = heap_place(address, false);
	struct heap_word word = {place ? *place : 0};

	*size = 0;
	if (!is_of(word.bits, address))
		return overflow_take(address, size);
	__atomic_store_n(place, 0, __ATOMIC_RELEASE);
	*size = heap_small_size(word);
	if (*size == HEAP_SIZE_MAX)
		overflow_take(address, size);
	return word;
}

/* The first address at or after this one whose place was ever written to, as
 * far as pages of the table tell; at most the next page's or slot's first. */
static uintptr_t skip_unwritten(uintptr_t address)
{
	const struct heap_chunk *chunk =
		heap_is_even(address & ~15ul) && heap_table.slots
			? heap_chunk(address)
			: NULL;

	if (!chunk)
		return (address | ((1ul << HEAP_CHUNK_SHIFT) - 1)) + 1;
	if (!chunk->touched[heap_index(address) / HEAP_PAGE_WORDS])
		return (address | (page_span() - 1)) + 1;
	return address;
}

/* The first block in [low, high) that has a word in the table; high: none. */
static uintptr_t first_within(uintptr_t low, uintptr_t high)
{
	uintptr_t at = low & ~((1ul << heap_table.shift) - 1), next;

	while (at < high) {
		const uint64_t *place;

		next = skip_unwritten(at);
		if (next != at) {
			at = next;
			continue;
		}
		place = heap_place(at & ~15ul, false);
		if (place && *place && heap_begin(at, *place) >= low)
			return heap_begin(at, *place) < high
				       ? heap_begin(at, *place)
				       : high;
		at += 1ul << heap_table.shift;
	}
	return high;
}

bool heap_erase_first(uintptr_t low, uintptr_t high, uintptr_t *block,
		      struct heap_word *word, size_t *size)
{
	uintptr_t at = low < high ? overflow_within(low, high) : 0;

	if (!at)
		at = first_within(low, high);
	if (at >= high)
		return false;
	*block = at;
	*word = heap_erase((const void *)at, size);
	return word->bits;
}

/* The first address of this page's or chunk's records, when there is none in
 * it; else address itself. */
static uintptr_t skip_empty(uintptr_t address)
{
	uintptr_t slot = address >> HEAP_CHUNK_SHIFT;
	const struct heap_chunk *chunk = heap_table.slots[slot];

	if (!slots_touched[slot / SLOT_PAGE])
		return address &
		       ~(((uintptr_t)SLOT_PAGE << HEAP_CHUNK_SHIFT) - 1);
	if (!chunk)
		return address & ~((1ul << HEAP_CHUNK_SHIFT) - 1);
	if (!chunk->touched[heap_index(address) / HEAP_PAGE_WORDS])
		return address & ~(page_span() - 1);
	return address;
}

/* Walks back to the last block with a word in the table that begins at or
 * before p; 0 when there is none. Not for the hot path. */
static uintptr_t heap_block_of(uintptr_t p)
{
	uintptr_t granule = 1ul << heap_table.shift;
	uintptr_t address = p & ~(granule - 1);

	if (address >> HEAP_ADDRESS_BITS || !heap_table.slots)
		return 0;
	for (;; address -= granule) {
		const uint64_t *place;

		address = skip_empty(address);
		place = heap_place(address, false);
		if (place && *place && heap_begin(address, *place) <= p)
			return heap_begin(address, *place);
		if (!address)
			return 0;
	}
}

static bool covers(const struct heap_entry *entry, uintptr_t p)
{
	return entry->word.bits &&
	       p - entry->address <= (entry->size ? entry->size - 1 : 0);
}

/* The block of that very address in the table. */
static bool find_at(uintptr_t address, struct heap_entry *out)
{
	const uint64_t *place = heap_place(address, false);

	out->address = address;
	out->word.bits = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
	if (!is_of(out->word.bits, address))
		return false;
	out->size = heap_small_size(out->word);
	if (unlikely(out->size == HEAP_SIZE_MAX))
		overflow_find(address, out);
	return true;
}

/* The common case, p being a block's first byte, is one look. */
bool heap_find(const void *p, struct heap_entry *out)
{
	uintptr_t address = (uintptr_t)p;

	if (find_at(address, out))
		return true;
	if (overflow_find(address, out))
		return true;
	/* of two in a granule, inside the lower one */
	if (overflow_find(address & ~15ul, out) && covers(out, address))
		return true;
	address = heap_block_of(address);
	return address && find_at(address, out) && covers(out, (uintptr_t)p);
}

bool heap_was_block(const void *p)
{
	uintptr_t address = (uintptr_t)p & ~15ul;
	struct heap_entry entry;

	return address && !(address >> HEAP_ADDRESS_BITS) && heap_table.slots &&
	       skip_empty(address) == address && !heap_find(p, &entry);
}

/* Records of odd addresses carry no flag: who makes them tells their end. */
uintptr_t heap_shadow(const void *p)
{
	struct heap_entry entry;
	uint64_t *place;

	if (!heap_find(p, &entry))
		return 0;
	place = heap_place(entry.address, false);
	if (place && is_of(*place, entry.address) &&
	    !(entry.word.bits & HEAP_SHADOW))
		__atomic_compare_exchange_n(
			place, &entry.word.bits, entry.word.bits | HEAP_SHADOW,
			false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return entry.address;
}

/* One past its end counts, too. */
void heap_ignore(const void *p)
{
	uintptr_t block = heap_block_of((uintptr_t)p);
	struct heap_word word;
	size_t size;

	if (!block)
		return;
	word = heap_erase((const void *)block, &size);
	if ((uintptr_t)p - block <= size)
		word.bits |= word.bits ? HEAP_IGNORED : 0;
	heap_restore((const void *)block, word, size);
}

/* Blocks come and go meanwhile: no flag for one that has just gone. */
static void chunk_ignore(struct heap_chunk *chunk)
{
	for (uint32_t i = 0; i < chunk_words(); i++) {
		uint64_t *place = &chunk->word[i], word;

		if (!chunk->touched[i / HEAP_PAGE_WORDS]) {
			i |= HEAP_PAGE_WORDS - 1;
			continue;
		}
		word = *place;
		if (word)
			__atomic_compare_exchange_n(
				place, &word, word | HEAP_IGNORED, false,
				__ATOMIC_RELAXED, __ATOMIC_RELAXED);
	}
}

/* The first slot with a chunk from this one on; HEAP_SLOTS: none. */
static uint32_t slot_next(uint32_t slot)
{
	for (; heap_table.slots && slot < HEAP_SLOTS; slot++) {
		if (!slots_touched[slot / SLOT_PAGE])
			slot |= SLOT_PAGE - 1;
		else if (heap_table.slots[slot])
			return slot;
	}
	return HEAP_SLOTS;
}

void heap_baseline(void)
{
	uint32_t slot;

	for (slot = slot_next(0); slot < HEAP_SLOTS; slot = slot_next(slot + 1))
		chunk_ignore(heap_table.slots[slot]);
	overflow_ignore();
}

size_t heap_size(uintptr_t address, struct heap_word word)
{
	struct heap_entry entry;

	if (heap_small_size(word) == HEAP_SIZE_MAX &&
	    overflow_find(address, &entry))
		return entry.size;
	return heap_small_size(word);
}

/* The visit of the table, and of the overflow's blocks between its. */
struct merge {
	heap_visit_fn *visit;
	void *data;
	struct overflow_list odd;
	uint32_t at; /* of odd, the next one */
};

static void merge_until(struct merge *m, uintptr_t address)
{
	for (; m->at < m->odd.n && m->odd.entry[m->at].address < address;
	     m->at++)
		m->visit(&m->odd.entry[m->at], m->data);
}

static void chunk_visit(uint32_t slot, struct merge *m)
{
	const struct heap_chunk *chunk = heap_table.slots[slot];
	uintptr_t base = (uintptr_t)slot << HEAP_CHUNK_SHIFT;

	for (uint32_t i = 0; i < chunk_words(); i++) {
		struct heap_entry e;

		if (!chunk->touched[i / HEAP_PAGE_WORDS]) {
			i |= HEAP_PAGE_WORDS - 1;
			continue;
		}
		e.word.bits = chunk->word[i];
		if (!e.word.bits)
			continue;
		e.address = heap_begin(
			base + ((uintptr_t)i << heap_table.shift), e.word.bits);
		e.size = heap_size(e.address, e.word);
		merge_until(m, e.address);
		m->visit(&e, m->data);
	}
}

uintptr_t heap_next_written(uintptr_t address)
{
	while (address < 1ul << HEAP_ADDRESS_BITS) {
		uintptr_t slot = address >> HEAP_CHUNK_SHIFT;
		uintptr_t next = slot_next(slot);

		if (next == slot && skip_unwritten(address) == address)
			break;
		address = next == slot ? skip_unwritten(address)
				       : next << HEAP_CHUNK_SHIFT;
	}
	return address;
}

int heap_visit(heap_visit_fn *visit, void *data)
{
	struct merge m = {.visit = visit, .data = data};
	int err = overflow_list(&m.odd);
	uint32_t slot;

	if (err)
		return err;
	for (slot = slot_next(0); slot < HEAP_SLOTS; slot = slot_next(slot + 1))
		chunk_visit(slot, &m);
	merge_until(&m, UINTPTR_MAX);
	overflow_list_free(&m.odd);
	return 0;
}
