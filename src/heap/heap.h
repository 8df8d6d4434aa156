/*
 * The records of live blocks, beside the heap: one word for every granule of
 * address space, in a two-level table mapped on demand. One plain atomic store
 * records a block, another erases it. Blocks come out in order of address. Any
 * thread, any signal handler. Lock-free, except for blocks that do not fit a
 * word (overflow.h).
 *
 * A granule is 16 bytes, or 32 where no two blocks of the allocator begin
 * within 32. A bit of the word then tells in which half the block begins.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "heap/heap_word.h"

/* The table. The records of 16 KiB of address space are on one page, and a
 * directory for each GiB leads to its pages. Both exist once a block has begun
 * in their part of the address space. An entry of either level is the address
 * less what the level's index, times 8, adds to it: so no bits need to be cut
 * off. */
#define HEAP_PAGE_SHIFT 14
#define HEAP_DIR_SHIFT 30
#define HEAP_ADDRESS_BITS 47
#define HEAP_SLOTS (1u << (HEAP_ADDRESS_BITS - HEAP_DIR_SHIFT))
#define HEAP_DIR_PAGES (1u << (HEAP_DIR_SHIFT - HEAP_PAGE_SHIFT))
#define HEAP_SLOT_PAGE 512 /* slots, or a directory's entries, on one page */

struct heap_dir {
	uintptr_t page[HEAP_DIR_PAGES];
	uint8_t touched[HEAP_DIR_PAGES / HEAP_SLOT_PAGE];
};

struct heap_table {
	uintptr_t *slots; /* directories */
	uint64_t odd;	  /* bits that must be 0 in an address of the table */
	uint64_t fresh;	  /* what every new word has: the epoch and LIVE */
	size_t quick; /* smaller blocks are recorded at once; 0: none is, while
			 they are listed */
	uint32_t upper; /* HEAP_UPPER, or 0 with granules of 16 */
	uint8_t shift;	/* log2 of the granule */
	uint8_t touched[HEAP_SLOTS / HEAP_SLOT_PAGE]; /* pages of slots */
};
extern struct heap_table heap_table __attribute__((visibility("hidden")));

/* Addresses are 16-aligned and within what the table covers. Without a table
 * only 0 is. */
#define HEAP_ODD (~((1ul << HEAP_ADDRESS_BITS) - 16))
static inline bool heap_is_even(uintptr_t address)
{
	return !(address & heap_table.odd);
}

/* HEAP_UPPER or 0, as a record of that address has it. */
static inline uint32_t heap_half(uintptr_t address)
{
	return address >> 1 & heap_table.upper;
}

/* What an entry, not 0, stands for at that address. */
static inline void *heap_at(uintptr_t entry, uintptr_t address, uint32_t shift)
{
	uintptr_t at = entry + (address >> shift) * 8;

	if (!at)
		__builtin_unreachable(); /* tells the compiler not to test it
					    again */
	return (void *)at;
}

/* The directory for a slot's entry, and the place of an address in it. */
static inline struct heap_dir *heap_dir(uintptr_t entry, uintptr_t address)
{
	return heap_at(entry, address & -(1ul << HEAP_DIR_SHIFT),
		       HEAP_PAGE_SHIFT);
}
static inline uint32_t heap_dir_index(uintptr_t address)
{
	return address >> HEAP_PAGE_SHIFT & (HEAP_DIR_PAGES - 1);
}

/* The place of the record of an even address; NULL when there is none yet. */
static inline uint64_t *heap_place_even(uintptr_t address)
{
	uintptr_t dir, page;

	dir = __atomic_load_n(&heap_table.slots[address >> HEAP_DIR_SHIFT],
			      __ATOMIC_ACQUIRE);
	if (__builtin_expect(!dir, 0))
		return NULL;
	page = __atomic_load_n(
		(uintptr_t *)heap_at(dir, address, HEAP_PAGE_SHIFT),
		__ATOMIC_ACQUIRE);
	return __builtin_expect(!page, 0)
		       ? NULL
		       : heap_at(page, address, heap_table.shift);
}

/* The same for any address. */
static inline uint64_t *heap_place(uintptr_t address)
{
	return heap_is_even(address) && heap_table.slots
		       ? heap_place_even(address)
		       : NULL;
}

/* Whether the word is for a block at this address. */
static inline bool heap_is_of(uint64_t bits, uintptr_t address)
{
	return bits && (bits & HEAP_UPPER) == heap_half(address);
}

/* Bytes of address space for which a page has the records. */
#define HEAP_PAGE_SPAN (1ul << HEAP_PAGE_SHIFT)
static inline uint32_t heap_page_words(void)
{
	return HEAP_PAGE_SPAN >> heap_table.shift;
}

/* granule: 16 or 32, the least distance in bytes of the allocator's blocks. */
int heap_init(unsigned granule);
/* The epoch of blocks that are recorded now. */
static inline uint8_t heap_epoch_now(void)
{
	return heap_table.fresh >> HEAP_EPOCH_SHIFT & HEAP_EPOCH_MAX;
}

/* Whether the block was recorded since the last scan began, as far as epochs
 * tell: they saturate. */
static inline bool heap_is_fresh(struct heap_word w)
{
	return heap_epoch(w) < HEAP_EPOCH_LAST &&
	       heap_epoch(w) == heap_epoch_now();
}
/* From now on nothing is recorded, and nothing is known. */
void heap_stop(void);
/* The same, and gives the memory back. Nobody may be reading the table. */
void heap_give_back(void);
/* Blocks recorded from now on are of a later scan epoch. Epochs saturate. */
void heap_next_epoch(void);

/* A block that an allocator has just made is alone in its granule. So the word
 * that stands there is not read, which would mean waiting for memory. */
enum heap_granule { HEAP_SHARED, HEAP_ALONE };

/* The slow halves of what follows. */
void heap_store_slow(uintptr_t address, struct heap_word word, size_t size,
		     enum heap_granule granule);
struct heap_word heap_erase_slow(uintptr_t address, size_t *size);

#define HEAP_INLINE static inline __attribute__((always_inline))
HEAP_INLINE bool heap_store_below(uintptr_t address, uint64_t bits, size_t size,
				  size_t most, enum heap_granule granule)
{
	uint64_t *place;

	if (__builtin_expect(size < most && heap_is_even(address) &&
				     (place = heap_place_even(address)) &&
				     (granule == HEAP_ALONE || !*place),
			     1)) {
		__atomic_store_n(place, bits, __ATOMIC_RELEASE);
		return true;
	}
	return false;
}

HEAP_INLINE void heap_store(const void *block, uint64_t bits, size_t size,
			    enum heap_granule granule)
{
	uintptr_t address = (uintptr_t)block;

	if (!heap_store_below(address, bits, size, heap_table.quick, granule))
		heap_store_slow(address, (struct heap_word){bits}, size,
				granule);
}

HEAP_INLINE void heap_record_in(const void *block, size_t size, uint32_t stack,
				unsigned flags, enum heap_granule granule)
{
	uint64_t small = size < HEAP_SIZE_MAX ? size : HEAP_SIZE_MAX;

	heap_store(block,
		   (uint64_t)stack << HEAP_STACK_SHIFT |
			   small << HEAP_SIZE_SHIFT | heap_table.fresh |
			   heap_half((uintptr_t)block) | flags,
		   size, granule);
}

static inline void heap_record(const void *block, size_t size, uint32_t stack,
			       unsigned flags)
{
	heap_record_in(block, size, stack, flags, HEAP_SHARED);
}

/* Erases the record and returns it, with its size; bits 0 when there was
 * none. */
static inline struct heap_word heap_erase(const void *block, size_t *size)
{
	uintptr_t address = (uintptr_t)block;
	struct heap_word word;
	uint64_t *place;

	if (__builtin_expect(heap_is_even(address) &&
				     (place = heap_place_even(address)),
			     1)) {
		word.bits = __atomic_load_n(place, __ATOMIC_RELAXED);
		*size = heap_small_size(word);
		if (__builtin_expect(
			    (word.bits & (HEAP_LIVE | HEAP_UPPER)) ==
					    (HEAP_LIVE | heap_half(address)) &&
				    *size != HEAP_SIZE_MAX,
			    1)) {
			__atomic_store_n(place, 0, __ATOMIC_RELEASE);
			return word;
		}
	}
	return heap_erase_slow(address, size);
}

/* Puts back what heap_erase() took. */
void heap_restore(const void *block, struct heap_word word, size_t size);
/* Erases the first record in [low, high); false when there is none. */
bool heap_erase_first(uintptr_t low, uintptr_t high, uintptr_t *block,
		      struct heap_word *word, size_t *size);
/* heap_restore() with another size. */
void heap_resize(const void *block, struct heap_word word, size_t size);
/* Sets HEAP_SHADOW on the block that p points to or into, and returns the block
 * (0: none). */
uintptr_t heap_shadow(const void *p);
void heap_ignore(const void *p); /* sets HEAP_IGNORED on the block that p points
				    to or into */
/* Like Python's gc.freeze: blocks recorded now are read as live from now on,
 * and never reported. */
void heap_baseline(void);
/* How often the program had blocks spared: it told that they are no leaks, or
 * had cycles broken. A finding that is gone afterwards need not have been
 * wrong. */
extern uint32_t heap_spared __attribute__((visibility("hidden")));
static inline void heap_spare(void)
{
	__atomic_fetch_add(&heap_spared, 1, __ATOMIC_RELAXED);
}

/* The block that p points to or into; false when there is none. While others
 * allocate, an answer about blocks that are not the caller's may be out of
 * date. */
bool heap_find(const void *p, struct heap_entry *out);
/* Whether p lies in no block but where blocks were before: in freed memory, or
 * near some. */
bool heap_was_block(const void *p);

/* The table itself, for the snapshot child, in which it is frozen. It has the
 * blocks in order of address, without those that are in the overflow alone. */

/* Where the block begins that the word at this address' granule stands for. */
static inline uintptr_t heap_begin(uintptr_t address, uint64_t bits)
{
	return (address & -(1ul << heap_table.shift)) +
	       (bits & HEAP_UPPER ? 16 : 0);
}
/* The word of an address' granule, below 2^47. The words of the next granules
 * follow it, up to a multiple of 16 KiB. NULL: there are none. */
static inline const uint64_t *heap_words(uintptr_t address)
{
	return heap_place_even(address);
}
/* The first address from this one on whose word may have been written; 2^47
 * when there is none. */
uintptr_t heap_next_written(uintptr_t address);
/* Of a live block that the process has made itself, and not
 * before it was forked. Without one, it has lost none. */
bool heap_is_own(struct heap_word word);
/* The words of the first 16 KiB from *address on in which there is such a
 * block, except for the overflow. *address becomes their beginning. NULL:
 * none. */
const uint64_t *heap_next_own(uintptr_t *address);
size_t heap_size_slow(uintptr_t address, struct heap_word word);
static inline size_t heap_size(uintptr_t address, struct heap_word word)
{
	if (__builtin_expect(heap_small_size(word) == HEAP_SIZE_MAX, 0))
		return heap_size_slow(address, word);
	return heap_small_size(word);
}

/* For fork: holds the overflow's lock, and drops it in parent and child. */
void heap_fork_prepare(void);
void heap_fork_done(void);
/* In a forked child: all blocks that exist are its parent's. From now on, its
 * own are listed, as long as they are few. */
void heap_inherit(void);
/* Where blocks were recorded since then, in no order; some may be gone. False
 * when they were many, and in a process that was not forked. */
bool heap_listed(const uintptr_t **blocks, uint32_t *n);
#define HEAP_LISTED 64
uint8_t heap_first_epoch(void); /* of blocks that are this process's */

#endif
