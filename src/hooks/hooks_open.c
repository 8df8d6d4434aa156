/*
 * The hook of dlopen. The loader looks at its caller, for the search of a name
 * without a slash and for $ORIGIN. Where that may matter the call is passed on
 * by a jump. Otherwise the loader is called from here, and what it has opened
 * is looked at afterwards.
 */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/export.h"
#include "base/likely.h"
#include "hooks/bind.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/real.h"
#include "process/thread.h"
#include "rules/redirect.h"
#include "snapshot/relief.h"

/* A module, with those that it needs, is mostly smaller. */
#define MODULE_ROOM (16ul << 20)

/* What was opened is bound to our hooks, where it was not, and its calls are
 * led to where rules look at them. */
static void after_open(void *handle, const struct bind_before *before)
{
	struct thread *self = guard_enter(FRAME);
	int error = errno;

	if (!self)
		return;
	if (before)
		bind_new(handle, before);
	if (library_is_ready())
		redirect_look();
	errno = error;
	guard_leave(self, NULL);
}

/* The module's constructors run outside the guard, as ever. */
static __attribute__((noinline)) void *open_deep(const char *name, int flags)
{
	struct bind_before *before = arena_map(sizeof *before);
	struct thread *self = before ? guard_enter(FRAME) : NULL;
	void *handle;

	if (self) {
		bind_note(before);
		guard_leave(self, NULL);
	}
	handle = real.dlopen(name, flags);
	if (self && handle)
		after_open(handle, before);
	arena_unmap(before, sizeof *before);
	return handle;
}

static __attribute__((noinline)) void *open_seen(const char *name, int flags)
{
	void *handle = real.dlopen(name, flags);

	if (handle)
		after_open(handle, NULL);
	return handle;
}

__attribute__((optimize("optimize-sibling-calls"))) EXPORT void *
dlopen(const char *name, int flags)
{
	if (unlikely(!real.dlopen))
		library_begin();
	if (!name || flags & RTLD_NOLOAD)
		return real.dlopen(name, flags);
	relief_before(MODULE_ROOM);
	if (unlikely(flags & RTLD_DEEPBIND) && strchr(name, '/') &&
	    !strchr(name, '$'))
		return open_deep(name, flags);
	if (library_is_ready() &&
	    redirect_may_open(name, __builtin_return_address(0)))
		return open_seen(name, flags);
	return real.dlopen(name, flags);
}
