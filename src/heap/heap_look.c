/*
 * Questions to the table of records (heap.h) beside the hot path: in which
 * block an address is, what lies in a range. Answers come in order of address.
 * Any thread, inside the guard. All functions only read, but for the flags that
 * they set.
 */
#include "base/likely.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "heap/overflow.h"

/* The first block in [low, high) that has a word in the table, or high. */
static uintptr_t first_within(uintptr_t low, uintptr_t high)
{
	uintptr_t granule = 1ul << heap_table.shift, at, begin;

	for (at = low & ~(granule - 1);; at += granule) {
		const uint64_t *place;

		at = heap_next_written(at);
		place = at < high ? heap_place(at) : NULL;
		if (!place)
			return high;
		begin = heap_begin(at, *place);
		if (*place && begin >= low)
			return begin < high ? begin : high;
	}
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

/* The directory for that address, or NULL. */
static const struct heap_dir *dir_of(uintptr_t address)
{
	uintptr_t entry = __atomic_load_n(
		&heap_table.slots[address >> HEAP_DIR_SHIFT], __ATOMIC_ACQUIRE);

	return entry ? heap_dir(entry, address) : NULL;
}

/* How many bytes around that address are known to have no records, a power of
 * two; 1 when there may be one. */
static uintptr_t empty_around(uintptr_t address)
{
	const struct heap_dir *dir;
	uint32_t i = heap_dir_index(address);

	if (!heap_table.touched[(address >> HEAP_DIR_SHIFT) / HEAP_SLOT_PAGE])
		return (uintptr_t)HEAP_SLOT_PAGE << HEAP_DIR_SHIFT;
	dir = dir_of(address);
	if (!dir)
		return 1ul << HEAP_DIR_SHIFT;
	if (!dir->touched[i / HEAP_SLOT_PAGE])
		return HEAP_SLOT_PAGE * HEAP_PAGE_SPAN;
	return dir->page[i] ? 1 : HEAP_PAGE_SPAN;
}

/* The first of the addresses around it that have no records; the address itself
 * when there may be some. */
static uintptr_t skip_empty(uintptr_t address)
{
	return address & -empty_around(address);
}

/* Walks back from p to the last block with a word in the table that begins at
 * or before p; 0 when there is none. Not for the hot path. */
static uintptr_t heap_block_of(uintptr_t p)
{
	uintptr_t granule = 1ul << heap_table.shift;
	uintptr_t address = p & ~(granule - 1);

	if (address >> HEAP_ADDRESS_BITS || !heap_table.slots)
		return 0;
	for (;; address -= granule) {
		const uint64_t *place;

		address = skip_empty(address);
		place = heap_place(address);
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

/* The block that begins at that very address, in the table. */
static bool find_at(uintptr_t address, struct heap_entry *out)
{
	const uint64_t *place = heap_place(address);

	out->address = address;
	out->word.bits = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
	if (!heap_is_of(out->word.bits, address))
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
	/* of two blocks in a granule: inside the lower one */
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

/* Records of odd addresses carry no flag: those who make such blocks tell of
 * their ends. */
uintptr_t heap_shadow(const void *p)
{
	struct heap_entry entry;
	uint64_t *place;

	if (!heap_find(p, &entry))
		return 0;
	place = heap_place(entry.address);
	if (place && heap_is_of(*place, entry.address) &&
	    !(entry.word.bits & HEAP_SHADOW))
		__atomic_compare_exchange_n(
			place, &entry.word.bits, entry.word.bits | HEAP_SHADOW,
			false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return entry.address;
}

uint32_t heap_spared;

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
	heap_spare();
}

/* Blocks come and go meanwhile: a block that has just gone gets no flag. */
static void page_ignore(uint64_t *place)
{
	for (uint32_t i = 0; i < heap_page_words(); i++, place++) {
		uint64_t word = *place;

		if (word)
			__atomic_compare_exchange_n(
				place, &word, word | HEAP_IGNORED, false,
				__ATOMIC_RELAXED, __ATOMIC_RELAXED);
	}
}

void heap_baseline(void)
{
	uintptr_t at = 0;

	while ((at = heap_next_written(at)) >> HEAP_ADDRESS_BITS == 0) {
		page_ignore(heap_place(at & -HEAP_PAGE_SPAN));
		at = (at & -HEAP_PAGE_SPAN) + HEAP_PAGE_SPAN;
	}
	overflow_ignore();
}

/* Whether one of these four words may be of our own epochs. Most of what a
 * forked child has is its parent's, and is passed over without a branch for
 * each word. */
typedef uint64_t four_words __attribute__((vector_size(32), aligned(8)));
static bool may_have_own(const uint64_t *place)
{
	const uint64_t most = HEAP_EPOCH_MAX << HEAP_EPOCH_SHIFT;
	const uint64_t top = (HEAP_EPOCH_MAX + 1ul) << HEAP_EPOCH_SHIFT;
	const uint64_t add =
		top - ((uint64_t)heap_first_epoch() << HEAP_EPOCH_SHIFT);
	four_words any = {0};

	for (uint32_t i = 0; i < heap_page_words(); i += 4)
		any |= (*(const four_words *)(place + i) & most) + add;
	return (any[0] | any[1] | any[2] | any[3]) & top;
}

static bool page_has_own(const uint64_t *place)
{
	for (uint32_t i = 0; i < heap_page_words(); i++, place++)
		if (*place && heap_is_own((struct heap_word){*place}))
			return true;
	return false;
}

const uint64_t *heap_next_own(uintptr_t *address)
{
	uintptr_t at = *address;
	const uint64_t *place;

	for (; (at = heap_next_written(at)) >> HEAP_ADDRESS_BITS == 0;
	     at += HEAP_PAGE_SPAN) {
		at &= -HEAP_PAGE_SPAN;
		place = heap_words(at);
		if (may_have_own(place) && page_has_own(place)) {
			*address = at;
			return place;
		}
	}
	return NULL;
}

size_t heap_size_slow(uintptr_t address, struct heap_word word)
{
	struct heap_entry entry;

	if (overflow_find(address, &entry))
		return entry.size;
	return heap_small_size(word);
}

/* The first of n entries, from i on, that is set; n: none. Pages of entries
 * that nobody has touched are not read. */
static uint32_t next_entry(const uintptr_t *entry, const uint8_t *touched,
			   uint32_t i, uint32_t n)
{
	while (i < n) {
		uint32_t end = (i | (HEAP_SLOT_PAGE - 1)) + 1;

		for (; touched[end / HEAP_SLOT_PAGE - 1] && i < end; i++)
			if (__atomic_load_n(&entry[i], __ATOMIC_ACQUIRE))
				return i;
		i = end;
	}
	return n;
}

static uintptr_t later(uintptr_t a, uintptr_t b)
{
	return a > b ? a : b;
}

uintptr_t heap_next_written(uintptr_t address)
{
	uintptr_t slot = address >> HEAP_DIR_SHIFT, page;
	const struct heap_dir *dir;

	while (heap_table.slots && slot < HEAP_SLOTS) {
		slot = next_entry(heap_table.slots, heap_table.touched, slot,
				  HEAP_SLOTS);
		if (slot == HEAP_SLOTS)
			break;
		address = later(address, slot << HEAP_DIR_SHIFT);
		dir = dir_of(address);
		page = next_entry(dir->page, dir->touched,
				  heap_dir_index(address), HEAP_DIR_PAGES);
		if (page < HEAP_DIR_PAGES)
			return later(address, slot << HEAP_DIR_SHIFT |
						      page << HEAP_PAGE_SHIFT);
		slot++;
	}
	return 1ul << HEAP_ADDRESS_BITS;
}
