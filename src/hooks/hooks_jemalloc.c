/*
 * jemalloc's own interface. When the program's allocator is another one, but
 * the program finds these symbols and takes them for jemalloc's, malloc serves
 * it. Flags: the low six bits are the logarithm of the alignment, 0x40 asks for
 * zeros (jemalloc(3)).
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include "base/export.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "hooks/block.h"
#include "process/guard.h"
#include "process/real.h"
#include "process/thread.h"

#define FLAG_ALIGN(flags) ((size_t)1 << ((flags)&63))
#define FLAG_ZERO 0x40

EXPORT void *mallocx(size_t size, int flags)
{
	struct thread *self = guard_enter(FRAME);
	void *block;

	if (!real.mallocx) {
		block = block_aligned(self, FLAG_ALIGN(flags), size, FRAME);
		if (block && flags & FLAG_ZERO)
			memset(block, 0, size);
	} else {
		block = real.mallocx(block_room(size), flags);
		block_made(self, block, size, FRAME);
	}
	return self ? guard_leave(self, block) : block;
}

EXPORT void *rallocx(void *old, size_t size, int flags)
{
	struct thread *self = guard_enter(FRAME);
	struct block_moving moving;
	void *block;

	if (!real.rallocx) {
		block = block_realloc(self, old, size, FRAME);
		return self ? guard_leave(self, block) : block;
	}
	moving = block_lift(old);
	block = real.rallocx(old, block_room(size), flags);
	if (block)
		block_moved(self, &moving, old, block, size, FRAME);
	else
		block_stayed(&moving, old);
	return self ? guard_leave(self, block) : block;
}

EXPORT size_t xallocx(void *block, size_t size, size_t extra, int flags)
{
	struct thread *self = guard_enter(FRAME);
	struct heap_word word;
	size_t old_size, now;

	if (!real.xallocx) {
		now = real.malloc_usable_size(block);
	} else {
		now = real.xallocx(block, block_room(size), extra, flags);
		word = heap_erase(block, &old_size);
		if (word.bits)
			heap_resize(block, word, now);
	}
	return (size_t)(self ? guard_leave(self, (void *)now) : (void *)now);
}

EXPORT void dallocx(void *block, int flags)
{
	struct thread *self = guard_enter(FRAME);

	if (!real.dallocx) {
		block_free(self, block);
	} else {
		block_gone(self, block);
		real.dallocx(block, flags);
	}
	guard_end(self);
}

/* Frees without the size: the request may have been rounded up. */
EXPORT void sdallocx(void *block, size_t size, int flags)
{
	(void)size;
	dallocx(block, flags);
}
