/*
 * The hook of dlopen. The loader looks at its caller, for the search of a name
 * without a slash and for $ORIGIN. Where that may matter the call is passed on
 * by a jump. Otherwise, if the module would be bound past our hooks, the loader
 * is called from here and the module is bound afterwards.
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
#include "snapshot/relief.h"

/* A module, with those that it needs, is mostly smaller. */
#define MODULE_ROOM (16ul << 20)

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
	self = self && handle ? guard_enter(FRAME) : NULL;
	if (self) {
		int error = errno;

		bind_new(handle, before);
		errno = error;
		guard_leave(self, NULL);
	}
	arena_unmap(before, sizeof *before);
	return handle;
}

__attribute__((optimize("optimize-sibling-calls"))) EXPORT void *
dlopen(const char *name, int flags)
{
	if (unlikely(!real.dlopen))
		library_begin();
	if (name && !(flags & RTLD_NOLOAD))
		relief_before(MODULE_ROOM);
	if (unlikely(flags & RTLD_DEEPBIND) && name && strchr(name, '/') &&
	    !strchr(name, '$'))
		return open_deep(name, flags);
	return real.dlopen(name, flags);
}
