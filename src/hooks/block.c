/*
 * See block.h. Runs inside the guard, or with self NULL: then the thread is
 * inside already, or nothing can be tracked yet. errno stays as the real
 * function left it.
 */
#include <errno.h>
#include <string.h>
#include "base/likely.h"
#include "heap/bootstrap.h"
#include "hooks/block.h"
#include "process/real.h"
#include "process/thread.h"
#include "snapshot/relief.h"

void *block_last;

void *block_aligned(struct thread *self, size_t align, size_t size,
		    const void *frame)
{
	void *block;

	if (unlikely(!real.memalign))
		return bootstrap_alloc(align, size);
	block = real.memalign(align < 16 ? 16 : align, block_room(size));
	if (unlikely(!block) && relief_for(self, size))
		return real.memalign(align, block_room(size));
	block_made(self, block, size, frame);
	return block;
}

/* Moves a block of the bootstrap area to the real heap. The old one stays where
 * it was, too. */
static void *bootstrap_realloc(struct thread *self, void *old, size_t size,
			       const void *frame)
{
	size_t kept = bootstrap_size(old);
	void *block = block_malloc(self, size, frame);

	if (block)
		memcpy(block, old, kept < size ? kept : size);
	return block;
}

void *block_realloc(struct thread *self, void *old, size_t size,
		    const void *frame)
{
	struct block_moving moving;
	void *block;

	if (!old)
		return block_malloc(self, size, frame);
	if (unlikely(bootstrap_owns(old)))
		return bootstrap_realloc(self, old, size, frame);
	/* erased first: once it is freed, the address may be another
	 * thread's */
	moving = block_lift(old);
	block = real.realloc(old, size ? block_room(size) : 0);
	if (!block && size) {
		block_stayed(&moving, old);
		return relief_for(self, size)
			       ? real.realloc(old, block_room(size))
			       : NULL;
	}
	block_moved(self, &moving, old, block, size, frame);
	return block;
}
