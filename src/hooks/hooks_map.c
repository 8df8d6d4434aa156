/*
 * Mappings: which are an allocator's own. A mapping that its code makes, or
 * libunwind's for us, is no root, although its metadata points at live blocks.
 * glibc's malloc uses no hook. That a hook is under way (the guard) says
 * nothing: a signal handler may have interrupted it.
 *
 * No hook here brings the library up. An allocator that is loaded before us
 * maps memory while it holds its own lock, and dlsym would call it. Until the
 * library is up these are plain system calls.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/export.h"
#include "base/likely.h"
#include "base/sys.h"
#include "heap/range.h"
#include "hooks/hooks_map.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/real.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "snapshot/relief.h"
#include "stack/unwind.h"

static long plain(long ret)
{
	if (!sys_failed(ret))
		return ret;
	errno = -ret;
	return -1;
}

static bool is_allocators(const void *caller)
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
	mapped(at, size, is_allocators(caller));
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
	mapped(at, size, is_allocators(caller));
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

/* Whether memory is short and tracking must end. Not for an allocator, which
 * may hold its own lock: its caller finds out. */
static bool is_short(const void *caller, size_t size)
{
	return errno == ENOMEM && !is_allocators(caller) &&
	       relief_outside(size);
}

static void *map(void *at, size_t size, int prot, int flags, int fd,
		 off_t offset, const void *caller)
{
	void *got;

	if (unlikely(!library_is_up()))
		return (void *)plain(
			sys(SYS_mmap, at, size, prot, flags, fd, offset));
	got = real.mmap(at, size, prot, flags, fd, offset);
	if (unlikely(got == MAP_FAILED) && is_short(caller, size))
		return real.mmap(at, size, prot, flags, fd, offset);
	mapping_made(got, size, caller);
	return got;
}

EXPORT void *mmap(void *at, size_t size, int prot, int flags, int fd,
		  off_t offset)
{
	return map(at, size, prot, flags, fd, offset,
		   __builtin_return_address(0));
}

EXPORT void *mmap64(void *at, size_t size, int prot, int flags, int fd,
		    off_t offset)
{
	return map(at, size, prot, flags, fd, offset,
		   __builtin_return_address(0));
}

EXPORT int munmap(void *at, size_t size)
{
	if (unlikely(!library_is_up()))
		return plain(sys(SYS_munmap, at, size));
	mapping_ends(at, size);
	return real.munmap(at, size);
}

EXPORT void *mremap(void *old, size_t old_size, size_t size, int flags, ...)
{
	va_list rest;
	void *fixed, *got;

	va_start(rest, flags);
	fixed = flags & MREMAP_FIXED ? va_arg(rest, void *) : NULL;
	va_end(rest);
	if (unlikely(!library_is_up()))
		return (void *)plain(
			sys(SYS_mremap, old, old_size, size, flags, fixed));
	got = real.mremap(old, old_size, size, flags, fixed);
	if (unlikely(got == MAP_FAILED) &&
	    is_short(__builtin_return_address(0), size))
		return real.mremap(old, old_size, size, flags, fixed);
	mapping_moved(old, old_size, got, size, __builtin_return_address(0));
	return got;
}

EXPORT int madvise(void *at, size_t size, int advice)
{
	int err;

	if (unlikely(!library_is_up()))
		return plain(sys(SYS_madvise, at, size, advice));
	err = real.madvise(at, size, advice);
	if (!err)
		mapping_advised(at, size, advice);
	return err;
}

/* glibc's malloc moves the break inside libc. What comes through here is the
 * program's, or another allocator's. */
static void broken(uintptr_t from, uintptr_t to, bool allocators)
{
	struct ranges *set = allocators ? &ranges_allocator : &ranges_brk;
	struct thread *self = guard_enter(FRAME);

	if (to > from)
		ranges_add(set, from, to);
	else
		ranges_remove(set, to, from);
	guard_end(self);
}

/* libc keeps the break. It is found by name, which allocates only for a name
 * that does not exist. */
EXPORT void *sbrk(intptr_t increment)
{
	bool allocators;
	void *old;

	if (unlikely(!library_is_up())) {
		void *(*next)(intptr_t) = dlsym(RTLD_NEXT, "sbrk");

		return next(increment);
	}
	allocators = is_allocators(__builtin_return_address(0));
	old = real.sbrk(increment);
	if (unlikely(old == (void *)-1) && increment > 0 &&
	    is_short(__builtin_return_address(0), increment))
		return real.sbrk(increment);
	if (old != (void *)-1 && increment)
		broken((uintptr_t)old, (uintptr_t)old + increment, allocators);
	return old;
}

EXPORT int brk(void *at)
{
	bool allocators;
	uintptr_t old;
	int err;

	if (unlikely(!library_is_up())) {
		int (*next)(void *) = dlsym(RTLD_NEXT, "brk");

		return next(at);
	}
	allocators = is_allocators(__builtin_return_address(0));
	old = (uintptr_t)real.sbrk(0);
	err = real.brk(at);
	if (unlikely(err) && (uintptr_t)at > old &&
	    is_short(__builtin_return_address(0), (uintptr_t)at - old))
		return real.brk(at);
	if (!err)
		broken(old, (uintptr_t)at, allocators);
	return err;
}
