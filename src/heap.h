/*
 * The records of live blocks, beside the heap: one word for every 16 bytes of
 * address space, in a two-level table mapped on demand. To record is one
 * plain atomic store, to erase another; the blocks come out in order of
 * address. Any thread, any signal handler; lock-free except for blocks whose
 * size or address does not fit a word.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* stack:26 | size:28 | epoch:7 | flags:3 */
#define HEAP_LIVE 1u	/* always set: tells a record from nothing */
#define HEAP_IGNORED 2u /* read as live, never reported */
#define HEAP_SHADOW 4u	/* refs.h knows something of it */
#define HEAP_EPOCH_MAX 127
#define HEAP_SIZE_BITS 28
#define HEAP_SIZE_MAX ((1u << HEAP_SIZE_BITS) - 1) /* then in the overflow */

struct heap_word {
	uint64_t bits;
};

static inline uint32_t heap_stack(struct heap_word w)
{
	return w.bits >> 38;
}
static inline uint32_t heap_small_size(struct heap_word w)
{
	return w.bits >> 10 & HEAP_SIZE_MAX;
}
static inline uint8_t heap_epoch(struct heap_word w)
{
	return w.bits >> 3 & HEAP_EPOCH_MAX;
}

int heap_init(void);
/* What is recorded from now on is of a later scan epoch; it saturates. */
void heap_next_epoch(void);

void heap_record(const void *block, size_t size, uint32_t stack,
		 unsigned flags);
/* Puts back what heap_erase() took. */
void heap_restore(const void *block, struct heap_word word, size_t size);
/* The record, now gone, and its size; bits 0 when there was none. */
struct heap_word heap_erase(const void *block, size_t *size);
/* The first record in [low, high), now gone; false when there is none. */
bool heap_erase_first(uintptr_t low, uintptr_t high, uintptr_t *block,
		      struct heap_word *word, size_t *size);
/* heap_restore() with another size. */
void heap_resize(const void *block, struct heap_word word, size_t size);
/* Sets HEAP_SHADOW on the block that p points to or into, which is returned
 * (0: no block). */
uintptr_t heap_shadow(const void *p);
void heap_ignore(const void *p); /* the block that p points to or into */
/* gc.freeze: what is recorded now is read as live and never reported. */
void heap_baseline(void);

/* Frozen look, for the snapshot child: every record in order of address. */
struct heap_entry {
	uintptr_t address;
	struct heap_word word;
	size_t size;
};
/* The block that p points to or into; false when there is none. While others
 * allocate, what is said of blocks that are not the caller's may be old. */
bool heap_find(const void *p, struct heap_entry *out);
/* Whether p lies in no block, where blocks were before: freed, or about. */
bool heap_was_block(const void *p);
typedef void heap_visit_fn(const struct heap_entry *entry, void *data);
size_t heap_size(uintptr_t address, struct heap_word word);
void heap_visit(heap_visit_fn *visit, void *data);

/* fork: hold the overflow; let it go in parent and child. */
void heap_fork_prepare(void);
void heap_fork_done(void);
/* In a forked child: what exists is its parent's. */
void heap_inherit(void);
uint8_t heap_first_epoch(void); /* of blocks that are this process's */

#endif
