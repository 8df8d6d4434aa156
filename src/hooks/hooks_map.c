/*
 * Hooks of what maps memory and moves the break.
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
#include "hooks/mapping.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/real.h"
#include "process/thread.h"
#include "snapshot/relief.h"

static long plain(long ret)
{
	if (!sys_failed(ret))
		return ret;
	errno = -ret;
	return -1;
}

/* Whether memory is short and tracking must end. Not for an allocator, which
 * may hold its own lock: its caller finds out. */
static bool is_short(const void *caller, size_t size)
{
	return errno == ENOMEM && !mapping_is_allocators(caller) &&
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
	allocators = mapping_is_allocators(__builtin_return_address(0));
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
	allocators = mapping_is_allocators(__builtin_return_address(0));
	old = (uintptr_t)real.sbrk(0);
	err = real.brk(at);
	if (unlikely(err) && (uintptr_t)at > old &&
	    is_short(__builtin_return_address(0), (uintptr_t)at - old))
		return real.brk(at);
	if (!err)
		broken(old, (uintptr_t)at, allocators);
	return err;
}
