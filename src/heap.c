/*
 * The table of records: see heap.h. The first level has one slot for each
 * 32 MiB of address space; a slot's chunk is mapped when the first block in
 * it is recorded and never unmapped. The kernel gives pages of both levels
 * only where they are written.
 *
 * The overflow takes a lock; its holders are inside the guard.
 */
#include <errno.h>
#include <string.h>
#include "arena.h"
#include "guard.h"
#include "heap.h"
#include "lock.h"

#define GRANULE_SHIFT 4
#define CHUNK_SHIFT 25
#define CHUNK_WORDS (1u << (CHUNK_SHIFT - GRANULE_SHIFT))
#define SLOTS (1u << (47 - CHUNK_SHIFT))
#define PAGE_WORDS 512 /* records on one page of a chunk */

struct chunk {
	uint64_t word[CHUNK_WORDS];
	uint8_t touched[CHUNK_WORDS / PAGE_WORDS];
};

#define SLOT_PAGE 512 /* slots on one page of the first level */
static struct chunk **slots;
static uint8_t slots_touched[SLOTS / SLOT_PAGE];
static uint8_t epoch, first_epoch;

/* Open addressing; address 0 is free, 1 a deleted entry. */
#define OVERFLOW_DELETED 1
static struct overflow {
	struct lock lock;
	struct heap_entry *entry;
	uint32_t size, used;
} overflow = {.lock = LOCK_INIT(LOCK_HEAP)};

int heap_init(void)
{
	slots = arena_map(SLOTS * sizeof *slots);
	return slots ? 0 : -ENOMEM;
}

/* Leaves room for generations of forked children. */
void heap_next_epoch(void)
{
	if (epoch < HEAP_EPOCH_MAX - 20)
		epoch++;
}

void heap_inherit(void)
{
	if (epoch < HEAP_EPOCH_MAX)
		epoch++;
	first_epoch = epoch;
}

uint8_t heap_first_epoch(void)
{
	return first_epoch;
}

void heap_fork_prepare(void)
{
	lock_take(&overflow.lock);
}

void heap_fork_done(void)
{
	lock_drop(&overflow.lock);
}

static uint32_t overflow_slot(uintptr_t address)
{
	uint32_t at = address * 0x9e3779b97f4a7c15u >> 33;

	for (;; at++) {
		at &= overflow.size - 1;
		if (overflow.entry[at].address == address ||
		    !overflow.entry[at].address)
			return at;
	}
}

static bool overflow_grow(void)
{
	struct overflow old = overflow;
	uint32_t size = old.size ? old.size * 2 : 1024;
	struct heap_entry *entry = arena_map(size * sizeof *entry);
	uint32_t i;

	if (!entry)
		return false;
	overflow.entry = entry;
	overflow.size = size;
	overflow.used = 0;
	for (i = 0; i < old.size; i++) {
		if (old.entry[i].address <= OVERFLOW_DELETED)
			continue;
		entry[overflow_slot(old.entry[i].address)] = old.entry[i];
		overflow.used++;
	}
	arena_unmap(old.entry, old.size * sizeof *entry);
	return true;
}

static void overflow_put(uintptr_t address, struct heap_word word, size_t size)
{
	lock_take(&overflow.lock);
	if (overflow.used * 2 >= overflow.size && !overflow_grow())
		goto out;
	struct heap_entry *e = &overflow.entry[overflow_slot(address)];

	if (!e->address)
		overflow.used++;
	*e = (struct heap_entry){address, word, size};
out:
	lock_drop(&overflow.lock);
}

static struct heap_word overflow_take(uintptr_t address, size_t *size)
{
	struct heap_word word = {0};

	lock_take(&overflow.lock);
	if (overflow.size) {
		struct heap_entry *e = &overflow.entry[overflow_slot(address)];

		if (e->address) {
			word = e->word;
			*size = e->size;
			e->address = OVERFLOW_DELETED;
		}
	}
	lock_drop(&overflow.lock);
	return word;
}

static struct chunk *chunk_make(struct chunk **slot)
{
	struct chunk *fresh = arena_map(sizeof *fresh);
	struct chunk *seen = NULL;

	if (!fresh)
		return NULL;
	slots_touched[(slot - slots) / SLOT_PAGE] = 1;
	if (__atomic_compare_exchange_n(slot, &seen, fresh, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return fresh;
	arena_unmap(fresh, sizeof *fresh);
	return seen;
}

/* The place of the record of an aligned address; NULL when there is none. */
static uint64_t *heap_place(uintptr_t address, bool make)
{
	struct chunk **slot, *chunk;
	uint32_t at;

	if (unlikely(address >> 47 || !slots))
		return NULL;
	slot = &slots[address >> CHUNK_SHIFT];
	chunk = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
	if (unlikely(!chunk)) {
		if (!make)
			return NULL;
		chunk = chunk_make(slot);
		if (!chunk)
			return NULL;
	}
	at = address >> GRANULE_SHIFT & (CHUNK_WORDS - 1);
	if (make && unlikely(!chunk->touched[at / PAGE_WORDS]))
		chunk->touched[at / PAGE_WORDS] = 1;
	return &chunk->word[at];
}

static void heap_store(uintptr_t address, struct heap_word word, size_t size)
{
	uint64_t *place = NULL;

	if (unlikely(!slots)) /* nothing is tracked */
		return;
	if (likely(address % 16 == 0))
		place = heap_place(address, true);
	if (unlikely(!place || heap_small_size(word) == HEAP_SIZE_MAX))
		overflow_put(address, word, size);
	if (likely(place))
		__atomic_store_n(place, word.bits, __ATOMIC_RELEASE);
}

void heap_record(const void *block, size_t size, uint32_t stack, unsigned flags)
{
	uint64_t small = size < HEAP_SIZE_MAX ? size : HEAP_SIZE_MAX;
	struct heap_word word = {(uint64_t)stack << 38 | small << 10 |
				 (uint64_t)epoch << 3 | flags | HEAP_LIVE};

	heap_store((uintptr_t)block, word, size);
}

void heap_restore(const void *block, struct heap_word word, size_t size)
{
	if (word.bits)
		heap_store((uintptr_t)block, word, size);
}

void heap_resize(const void *block, struct heap_word word, size_t size)
{
	heap_record(block, size, heap_stack(word),
		    word.bits & (HEAP_IGNORED | HEAP_SHADOW));
}

struct heap_word heap_erase(const void *block, size_t *size)
{
	uintptr_t address = (uintptr_t)block;
	uint64_t *place = address % 16 ? NULL : heap_place(address, false);
	struct heap_word word = {0};

	*size = 0;
	if (unlikely(!place))
		return address % 16 || address >> 47
			       ? overflow_take(address, size)
			       : word;
	word.bits = __atomic_load_n(place, __ATOMIC_RELAXED);
	if (!word.bits)
		return word;
	__atomic_store_n(place, 0, __ATOMIC_RELEASE);
	*size = heap_small_size(word);
	if (unlikely(*size == HEAP_SIZE_MAX))
		overflow_take(address, size);
	return word;
}

/* An odd one; in no order. */
static uintptr_t overflow_within(uintptr_t low, uintptr_t high)
{
	uintptr_t found = 0;
	uint32_t i;

	lock_take(&overflow.lock);
	for (i = 0; i < overflow.size && !found; i++) {
		uintptr_t at = overflow.entry[i].address;

		if (at % 16 && at >= low && at < high)
			found = at;
	}
	lock_drop(&overflow.lock);
	return found;
}

/* The first address at or after this one whose place was ever written to, as
 * far as pages of the table tell; at most the next page's or slot's first. */
static uintptr_t skip_unwritten(uintptr_t address)
{
	uintptr_t slot = address >> CHUNK_SHIFT;
	uint32_t at = address >> GRANULE_SHIFT & (CHUNK_WORDS - 1);

	if (address >> 47 || !slots || !slots[slot])
		return (address | ((1ul << CHUNK_SHIFT) - 1)) + 1;
	if (!slots[slot]->touched[at / PAGE_WORDS])
		return (address | (PAGE_WORDS * 16ul - 1)) + 1;
	return address;
}

bool heap_erase_first(uintptr_t low, uintptr_t high, uintptr_t *block,
		      struct heap_word *word, size_t *size)
{
	uintptr_t at = low < high ? overflow_within(low, high) : 0;
	const uint64_t *place;

	if (!at) {
		for (at = (low + 15) & ~15ul; at < high; at += 16) {
			while (at < high && skip_unwritten(at) != at)
				at = skip_unwritten(at);
			place = at < high ? heap_place(at, false) : NULL;
			if (place && *place)
				break;
		}
	}
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
	uintptr_t slot = address >> CHUNK_SHIFT;
	uint32_t at = address >> GRANULE_SHIFT & (CHUNK_WORDS - 1);

	if (!slots_touched[slot / SLOT_PAGE])
		return address & ~(((uintptr_t)SLOT_PAGE << CHUNK_SHIFT) - 1);
	if (!slots[slot])
		return address & ~((1ul << CHUNK_SHIFT) - 1);
	if (!slots[slot]->touched[at / PAGE_WORDS])
		return address & ~(PAGE_WORDS * 16ul - 1);
	return address;
}

/* Walks back to the record at or before p, NULL when there is none. Not for
 * the hot path. */
static const void *heap_block_of(const void *p)
{
	uintptr_t address = (uintptr_t)p & ~15ul;
	const uint64_t *place;

	if (address >> 47 || !slots)
		return NULL;
	for (; address; address -= 16) {
		address = skip_empty(address);
		place = heap_place(address, false);
		if (place && *place)
			return (const void *)address;
		if (!address)
			break;
	}
	return NULL;
}

/* A record whose size or address does not fit a word. */
static bool overflow_find(uintptr_t address, struct heap_entry *out)
{
	const struct heap_entry *e;

	lock_take(&overflow.lock);
	e = overflow.size ? &overflow.entry[overflow_slot(address)] : NULL;
	if (e && e->address)
		*out = *e;
	lock_drop(&overflow.lock);
	return e && e->address;
}

/* The common case, p being a block's first byte, is one look. */
bool heap_find(const void *p, struct heap_entry *out)
{
	uintptr_t address = (uintptr_t)p;
	uint64_t *place = address % 16 ? NULL : heap_place(address, false);

	if (address % 16 && overflow_find(address, out))
		return true;
	if (!place || !*place) {
		address = (uintptr_t)heap_block_of(p);
		place = address ? heap_place(address, false) : NULL;
	}
	if (!place)
		return false;
	out->address = address;
	out->word.bits = __atomic_load_n(place, __ATOMIC_RELAXED);
	out->size = heap_small_size(out->word);
	if (unlikely(out->size == HEAP_SIZE_MAX))
		overflow_find(address, out);
	return out->word.bits &&
	       (uintptr_t)p - address <= (out->size ? out->size - 1 : 0);
}

bool heap_was_block(const void *p)
{
	uintptr_t address = (uintptr_t)p & ~15ul;
	struct heap_entry entry;

	return address && !(address >> 47) && slots &&
	       skip_empty(address) == address && !heap_find(p, &entry);
}

/* Records of odd addresses carry no flag: who makes them tells their end. */
uintptr_t heap_shadow(const void *p)
{
	struct heap_entry entry;
	uint64_t *place;

	if (!heap_find(p, &entry))
		return 0;
	place = entry.address % 16 ? NULL : heap_place(entry.address, false);
	if (place && !(entry.word.bits & HEAP_SHADOW))
		__atomic_compare_exchange_n(
			place, &entry.word.bits, entry.word.bits | HEAP_SHADOW,
			false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return entry.address;
}

void heap_ignore(const void *p)
{
	const void *block = heap_block_of(p);
	struct heap_word word;
	size_t size;

	if (!block)
		return;
	word = heap_erase(block, &size);
	if ((uintptr_t)p - (uintptr_t)block <= size)
		word.bits |= word.bits ? HEAP_IGNORED : 0;
	heap_restore(block, word, size);
}

/* Blocks come and go meanwhile: no flag for one that has just gone. */
static void chunk_ignore(struct chunk *chunk)
{
	uint32_t page, i;

	for (page = 0; page < CHUNK_WORDS / PAGE_WORDS; page++) {
		if (!chunk->touched[page])
			continue;
		for (i = page * PAGE_WORDS; i < (page + 1) * PAGE_WORDS; i++) {
			uint64_t *place = &chunk->word[i], word = *place;

			if (word)
				__atomic_compare_exchange_n(
					place, &word, word | HEAP_IGNORED,
					false, __ATOMIC_RELAXED,
					__ATOMIC_RELAXED);
		}
	}
}

void heap_baseline(void)
{
	uint32_t i;

	for (i = 0; slots && i < SLOTS; i++) {
		if (!slots_touched[i / SLOT_PAGE])
			i |= SLOT_PAGE - 1;
		else if (slots[i])
			chunk_ignore(slots[i]);
	}
	lock_take(&overflow.lock);
	for (i = 0; i < overflow.size; i++)
		overflow.entry[i].word.bits |= HEAP_IGNORED;
	lock_drop(&overflow.lock);
}

size_t heap_size(uintptr_t address, struct heap_word word)
{
	if (heap_small_size(word) < HEAP_SIZE_MAX || !overflow.size)
		return heap_small_size(word);
	return overflow.entry[overflow_slot(address)].size;
}

static void chunk_visit(uint32_t slot, heap_visit_fn *visit, void *data)
{
	const struct chunk *chunk = slots[slot];
	uint32_t page, i;

	for (page = 0; page < CHUNK_WORDS / PAGE_WORDS; page++) {
		if (!chunk->touched[page])
			continue;
		for (i = page * PAGE_WORDS; i < (page + 1) * PAGE_WORDS; i++) {
			struct heap_entry e = {
				.address = (uintptr_t)slot << CHUNK_SHIFT |
					   (uintptr_t)i << GRANULE_SHIFT,
				.word = {chunk->word[i]},
			};

			if (!e.word.bits)
				continue;
			e.size = heap_size(e.address, e.word);
			visit(&e, data);
		}
	}
}

/* The next overflow entry past `after` that is in no chunk, or NULL. */
static const struct heap_entry *overflow_next(uintptr_t after)
{
	const struct heap_entry *best = NULL;
	uint32_t i;

	for (i = 0; i < overflow.size; i++) {
		const struct heap_entry *e = &overflow.entry[i];

		if (e->address > OVERFLOW_DELETED && e->address > after &&
		    (e->address % 16 || e->address >> 47) &&
		    (!best || e->address < best->address))
			best = e;
	}
	return best;
}

struct merge {
	heap_visit_fn *visit;
	void *data;
	const struct heap_entry *odd; /* the next one of the overflow */
};

static void merge_visit(const struct heap_entry *entry, void *data)
{
	struct merge *m = data;

	while (m->odd && m->odd->address < entry->address) {
		m->visit(m->odd, m->data);
		m->odd = overflow_next(m->odd->address);
	}
	m->visit(entry, m->data);
}

void heap_visit(heap_visit_fn *visit, void *data)
{
	struct merge m = {visit, data, overflow_next(OVERFLOW_DELETED)};
	uint32_t slot;

	for (slot = 0; slots && slot < SLOTS; slot++) {
		if (!slots_touched[slot / SLOT_PAGE])
			slot |= SLOT_PAGE - 1;
		else if (slots[slot])
			chunk_visit(slot, merge_visit, &m);
	}
	for (; m.odd; m.odd = overflow_next(m.odd->address))
		visit(m.odd, data);
}
