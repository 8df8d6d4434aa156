/*
 * See mapping.h. Any thread, any signal handler.
 */
#include <stdint.h>
#include <sys/mman.h>
#include "base/likely.h"
#include "heap/range.h"
#include "hooks/mapping.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/real.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "stack/unwind.h"

bool mapping_is_allocators(const void *caller)
{
	return real_in_allocator((uintptr_t)caller) ||
	       unwind_has_code((uintptr_t)caller);
}

static void mapped(void *at, size_t size, bool allocators)
{
	uintptr_t low = (uintptr_t)at, high = low + ((size + 4095) & ~4095ul);

	if (at == MAP_FAILED)
		return;
	if (allocators) {
		ranges_add(&ranges_allocator, low, high);
		return;
	}
	ranges_remove(&ranges_allocator, low, high);
	ranges_remove(&ranges_ended, low, high);
	ranges_remove(&ranges_no_fork, low, high);
	ranges_remove(&ranges_wiped, low, high);
	ranges_remove(&ranges_shared, low, high);
}

/* Notes nothing while the library is not up. */
void mapping_made(void *at, size_t size, const void *caller)
{
	struct thread *self;

	if (!library_is_up() || at == MAP_FAILED)
		return;
	self = guard_enter(FRAME);
	mapped(at, size, mapping_is_allocators(caller));
	guard_end(self);
}

/* Called before the mapping ends: afterwards the addresses may be another's. */
void mapping_ends(void *at, size_t size)
{
	struct thread *self;

	if (!library_is_up())
		return;
	self = guard_enter(FRAME);
	mapped(at, size, false);
	/* a pool may give its memory back without telling of each block */
	if (unlikely(self && refs_pool_mapped))
		self->tally.blocks -=
			refs_unmapped((uintptr_t)at, (uintptr_t)at + size);
	guard_end(self);
}

void mapping_moved(void *old, size_t old_size, void *at, size_t size,
		   const void *caller)
{
	struct thread *self;

	if (!library_is_up() || at == MAP_FAILED)
		return;
	self = guard_enter(FRAME);
	mapped(old, old_size, false);
	mapped(at, size, mapping_is_allocators(caller));
	guard_end(self);
}

static void advised(uintptr_t low, uintptr_t high, int advice)
{
	if (advice == MADV_DONTFORK)
		ranges_add(&ranges_no_fork, low, high);
	else if (advice == MADV_DOFORK)
		ranges_remove(&ranges_no_fork, low, high);
	else if (advice == MADV_WIPEONFORK)
		ranges_add(&ranges_wiped, low, high);
	else if (advice == MADV_KEEPONFORK)
		ranges_remove(&ranges_wiped, low, high);
}

void mapping_advised(void *at, size_t size, int advice)
{
	uintptr_t low = (uintptr_t)at;
	struct thread *self;

	if (!library_is_up() ||
	    (advice != MADV_DONTFORK && advice != MADV_DOFORK &&
	     advice != MADV_WIPEONFORK && advice != MADV_KEEPONFORK))
		return;
	self = guard_enter(FRAME);
	advised(low, low + ((size + 4095) & ~4095ul), advice);
	guard_end(self);
}
