/*
 * What the allocation hooks share: a block is made or freed by the real
 * allocator, and recorded. `frame` is the frame of the hook.
 */
#ifndef BLOCK_H
#define BLOCK_H

#include <stddef.h>
#include "base/likely.h"
#include "heap/bootstrap.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "process/real.h"
#include "process/tally.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "snapshot/relief.h"
#include "snapshot/trigger.h"
#include "stack/python_frames.h"
#include "stack/stack.h"

/* Asks for at least 16 bytes, so that no two blocks share a record. glibc's
 * blocks never do, so there the size stays. */
static inline size_t block_room(size_t size)
{
	return size < 16 && !real_is_glibc ? 16 : size;
}

static inline uint32_t block_stack(struct thread *self, const void *frame)
{
	return python_frames(self->memo, stack_capture(frame, self->memo));
}

/* Whether an allocator's own code asks, for its own use. */
static inline bool block_is_allocators(const void *frame)
{
	return !real_is_glibc &&
	       real_in_allocator(((const uintptr_t *)frame)[1]);
}

#define BLOCK_INLINE static inline __attribute__((always_inline))

/* After the real allocation, inside the guard. An allocation of the loader's,
 * libunwind's or our own (self NULL), or of the allocator's own, is read as
 * live and never reported. */
BLOCK_INLINE void block_note(struct thread *self, void *block, size_t size,
			     const void *frame, enum heap_granule granule)
{
	if (unlikely(!block))
		return;
	if (unlikely(!self || block_is_allocators(frame))) {
		heap_record_in(block, size, 0, HEAP_IGNORED, granule);
		return;
	}
	heap_record_in(block, size, block_stack(self, frame),
		       self->disabled ? HEAP_IGNORED : 0, granule);
	trigger_alloc(self, size);
}

BLOCK_INLINE void block_made(struct thread *self, void *block, size_t size,
			     const void *frame)
{
	block_note(self, block, size, frame, HEAP_ALONE);
}

/* Forgets what macros said of the block, which may have been a pool's
 * memory. */
static inline void block_drop_shadow(struct thread *self, void *block,
				     size_t size)
{
	uint32_t inner = refs_freed((uintptr_t)block, size);

	if (self)
		self->tally.blocks -= inner;
}

/* A block with HEAP_SHADOW that leads to all that the program leaves to the
 * kernel, and that it frees at its end. It stays. NULL: there is none. */
extern void *block_last __attribute__((visibility("hidden")));

static inline bool block_stays(void *block, struct heap_word word, size_t size)
{
	if (block != block_last)
		return false;
	word.bits |= HEAP_IGNORED;
	heap_restore(block, word, size);
	return true;
}

/* Before the real free. False when nothing was known of the block, or when it
 * stays. */
BLOCK_INLINE bool block_gone(struct thread *self, void *block)
{
	size_t size;
	struct heap_word word = heap_erase(block, &size);

	if (unlikely(word.bits & HEAP_SHADOW)) {
		if (block_stays(block, word, size))
			return false;
		block_drop_shadow(self, block, size);
	}
	if (unlikely(!word.bits))
		return false;
	if (likely(self))
		tally_free(&self->tally, size);
	return true;
}

/* A block that a realloc may move. Its record is taken out before, and
 * afterwards put back or made anew. */
struct block_moving {
	struct heap_word word;
	size_t size;
	struct refs_lifted lifted;
};

static inline struct block_moving block_lift(void *block)
{
	struct block_moving moving = {.word = heap_erase(block, &moving.size)};

	if (unlikely(moving.word.bits & HEAP_SHADOW))
		moving.lifted = refs_lift((uintptr_t)block, moving.size);
	return moving;
}

/* The block is at `to` now; NULL: it was freed. */
static inline void block_moved(struct thread *self,
			       const struct block_moving *moving, void *from,
			       void *to, size_t size, const void *frame)
{
	if (self && moving->word.bits)
		tally_free(&self->tally, moving->size);
	block_made(self, to, size, frame);
	if (unlikely(moving->word.bits & HEAP_SHADOW))
		refs_put(moving->lifted, (uintptr_t)from, moving->size,
			 (uintptr_t)to, size);
}

static inline void block_stayed(const struct block_moving *moving, void *block)
{
	heap_restore(block, moving->word, moving->size);
	if (unlikely(moving->word.bits & HEAP_SHADOW))
		refs_put(moving->lifted, (uintptr_t)block, moving->size,
			 (uintptr_t)block, moving->size);
}

/* errno stays as the real function left it. */
BLOCK_INLINE void *block_malloc(struct thread *self, size_t size,
				const void *frame)
{
	void *block;

	if (unlikely(!real.malloc))
		return bootstrap_alloc(16, size);
	block = real.malloc(block_room(size));
	if (unlikely(!block) && relief_for(self, size))
		return real.malloc(block_room(size));
	block_made(self, block, size, frame);
	return block;
}

BLOCK_INLINE void block_free(struct thread *self, void *block)
{
	if (unlikely(!block))
		return;
	if (unlikely(!block_gone(self, block)) &&
	    (bootstrap_owns(block) || block == block_last))
		return;
	real.free(block);
}

void *block_aligned(struct thread *self, size_t align, size_t size,
		    const void *frame);
void *block_realloc(struct thread *self, void *old, size_t size,
		    const void *frame);

#endif
