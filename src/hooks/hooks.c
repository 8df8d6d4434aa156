/*
 * The C allocation functions that the program calls. A hook enters the guard,
 * does it, and leaves the guard. Any thread, any signal handler, before and
 * after our constructor. All but these few lines is in block.c.
 *
 * A hook ends by guard_leave(). A stop or a scan that is due runs there, in a
 * tail call, when no frame of ours is left on the stack.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include "base/export.h"
#include "base/likely.h"
#include "heap/bootstrap.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "hooks/block.h"
#include "process/guard.h"
#include "process/real.h"
#include "process/thread.h"
#include "snapshot/relief.h"

static void *leave(struct thread *self, void *value)
	__attribute__((always_inline));
static inline void *leave(struct thread *self, void *value)
{
	return likely(self != NULL) ? guard_leave(self, value) : value;
}

EXPORT void *malloc(size_t size)
{
	struct thread *self = guard_enter(FRAME);

	return leave(self, block_malloc(self, size, FRAME));
}

EXPORT void free(void *block)
{
	struct thread *self = guard_enter(FRAME);

	block_free(self, block);
	leave(self, NULL);
}

EXPORT void *calloc(size_t count, size_t size)
{
	struct thread *self = guard_enter(FRAME);
	void *block;
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(count, size, &bytes))) {
		errno = ENOMEM;
		return leave(self, NULL);
	}
	if (unlikely(!real.calloc)) /* fresh pages are zeroed */
		return leave(self, bootstrap_alloc(16, bytes));
	block = real.calloc(1, block_room(bytes));
	if (unlikely(!block) && relief_for(self, bytes))
		return real.calloc(1, block_room(bytes));
	block_made(self, block, bytes, FRAME);
	return leave(self, block);
}

EXPORT void *realloc(void *block, size_t size)
{
	struct thread *self = guard_enter(FRAME);

	return leave(self, block_realloc(self, block, size, FRAME));
}

EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
	struct thread *self = guard_enter(FRAME);
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(count, size, &bytes))) {
		errno = ENOMEM;
		return leave(self, NULL);
	}
	return leave(self, block_realloc(self, block, bytes, FRAME));
}

EXPORT int posix_memalign(void **out, size_t align, size_t size)
{
	struct thread *self = guard_enter(FRAME);
	int err;

	if (unlikely(!real.posix_memalign)) {
		*out = bootstrap_alloc(align, size);
		err = *out ? 0 : ENOMEM;
	} else {
		err = real.posix_memalign(out, align == 8 ? 16 : align,
					  block_room(size));
		if (unlikely(err == ENOMEM) && relief_for(self, size))
			return real.posix_memalign(out, align,
						   block_room(size));
		if (!err)
			block_made(self, *out, size, FRAME);
	}
	return (int)(intptr_t)leave(self, (void *)(intptr_t)err);
}

EXPORT void *aligned_alloc(size_t align, size_t size)
{
	struct thread *self = guard_enter(FRAME);
	void *block;

	if (unlikely(!real.aligned_alloc))
		return leave(self, bootstrap_alloc(align, size));
	block = real.aligned_alloc(align, block_room(size));
	if (unlikely(!block) && relief_for(self, size))
		return real.aligned_alloc(align, block_room(size));
	block_made(self, block, size, FRAME);
	return leave(self, block);
}

EXPORT void *memalign(size_t align, size_t size)
{
	struct thread *self = guard_enter(FRAME);

	return leave(self, block_aligned(self, align, size, FRAME));
}

EXPORT void *valloc(size_t size)
{
	struct thread *self = guard_enter(FRAME);
	void *block;

	if (unlikely(!real.valloc))
		return leave(self, bootstrap_alloc(4096, size));
	block = real.valloc(size);
	if (unlikely(!block) && relief_for(self, size))
		return real.valloc(size);
	block_made(self, block, size, FRAME);
	return leave(self, block);
}

EXPORT void *pvalloc(size_t size)
{
	struct thread *self = guard_enter(FRAME);
	void *block;

	if (unlikely(!real.pvalloc))
		return leave(self, bootstrap_alloc(4096, size));
	block = real.pvalloc(size);
	if (unlikely(!block) && relief_for(self, size))
		return real.pvalloc(size);
	block_made(self, block, size, FRAME);
	return leave(self, block);
}

/* Frees without the size, which would be wrong when the request was rounded
 * up. */
EXPORT void free_sized(void *block, size_t size)
{
	(void)size;
	free(block);
}

EXPORT void free_aligned_sized(void *block, size_t align, size_t size)
{
	(void)align;
	(void)size;
	free(block);
}

/* The caller may use the whole block and keep pointers there: it is scanned to
 * the end from now on. */
EXPORT size_t malloc_usable_size(void *block)
{
	struct thread *self;
	struct heap_word word;
	size_t size, usable;

	if (unlikely(bootstrap_owns(block)))
		return bootstrap_size(block);
	if (unlikely(!real.malloc_usable_size) || !block)
		return 0;
	self = guard_enter(FRAME);
	usable = real.malloc_usable_size(block);
	word = heap_erase(block, &size);
	if (word.bits && usable > size)
		heap_resize(block, word, usable);
	else
		heap_restore(block, word, size);
	return (size_t)leave(self, (void *)usable);
}
