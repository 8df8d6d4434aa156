/*
 * C++'s operator new and delete, by their mangled names (Itanium ABI).
 *
 * When the program's are libstdc++'s, they are malloc and free. That is done
 * here, so that stacks begin at the caller. When memory is short the real
 * operator is called, outside the guard, to find a handler or to throw. When an
 * allocator brings its own, its nothrow form is called inside the guard.
 * Anything else is the program's: it is forwarded, and its malloc is seen.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include "base/export.h"
#include "base/likely.h"
#include "heap/bootstrap.h"
#include "hooks/block.h"
#include "process/guard.h"
#include "process/real.h"
#include "process/thread.h"

#define SIZED(name) EXPORT void name(void *block, size_t size)

static const char nothrow_tag; /* std::nothrow is an empty object */

static void *make(size_t align, size_t size, const void *frame)
{
	struct thread *self = guard_enter(frame);
	void *block;

	if (real_new == NEW_OF_ALLOCATOR && align && real.new_aligned_nothrow) {
		block = real.new_aligned_nothrow(block_room(size), align,
						 &nothrow_tag);
		block_made(self, block, size, frame);
	} else if (real_new == NEW_OF_ALLOCATOR && real.new_nothrow) {
		block = real.new_nothrow(block_room(size), &nothrow_tag);
		block_made(self, block, size, frame);
	} else if (align) {
		block = block_aligned(self, align, size ? size : 1, frame);
	} else {
		block = block_malloc(self, size ? size : 1, frame);
	}
	return likely(self != NULL) ? guard_leave(self, block) : block;
}

/* Memory is short. libstdc++ knows what to do, also when a plugin of a C
 * program brought it. */
static void *make_or_throw(size_t align, size_t size)
{
	void *cxx = NULL;

	if (!real.new_plain)
		cxx = dlopen("libstdc++.so.6", RTLD_NOLOAD | RTLD_LAZY);
	if (cxx) {
		real.new_plain = dlsym(cxx, "_Znwm");
		real.new_aligned = dlsym(cxx, "_ZnwmSt11align_val_t");
	}
	if (align && real.new_aligned)
		return real.new_aligned(size, align);
	if (real.new_plain)
		return real.new_plain(size);
	abort();
}

EXPORT void *_Znwm(size_t size)
{
	void *block;

	if (real_new == NEW_OF_PROGRAM)
		return real.new_plain(size);
	block = make(0, size, FRAME);
	return likely(block != NULL) ? block : make_or_throw(0, size);
}

EXPORT void *_Znam(size_t size)
{
	void *block;

	if (real_new == NEW_OF_PROGRAM)
		return real.new_array(size);
	block = make(0, size, FRAME);
	return likely(block != NULL) ? block : make_or_throw(0, size);
}

EXPORT void *_ZnwmRKSt9nothrow_t(size_t size, const void *tag)
{
	if (real_new == NEW_OF_PROGRAM)
		return real.new_nothrow(size, tag);
	return make(0, size, FRAME);
}

EXPORT void *_ZnamRKSt9nothrow_t(size_t size, const void *tag)
{
	if (real_new == NEW_OF_PROGRAM)
		return real.new_nothrow(size, tag);
	return make(0, size, FRAME);
}

EXPORT void *_ZnwmSt11align_val_t(size_t size, size_t align)
{
	void *block;

	if (real_new == NEW_OF_PROGRAM)
		return real.new_aligned(size, align);
	block = make(align, size, FRAME);
	return likely(block != NULL) ? block : make_or_throw(align, size);
}

EXPORT void *_ZnamSt11align_val_t(size_t size, size_t align)
{
	void *block;

	if (real_new == NEW_OF_PROGRAM)
		return real.new_array_aligned(size, align);
	block = make(align, size, FRAME);
	return likely(block != NULL) ? block : make_or_throw(align, size);
}

EXPORT void *_ZnwmSt11align_val_tRKSt9nothrow_t(size_t size, size_t align,
						const void *tag)
{
	if (real_new == NEW_OF_PROGRAM)
		return real.new_aligned_nothrow(size, align, tag);
	return make(align, size, FRAME);
}

EXPORT void *_ZnamSt11align_val_tRKSt9nothrow_t(size_t size, size_t align,
						const void *tag)
{
	if (real_new == NEW_OF_PROGRAM)
		return real.new_aligned_nothrow(size, align, tag);
	return make(align, size, FRAME);
}

static void unmake(void *block, void (*real_delete)(void *))
{
	struct thread *self;

	if (real_new == NEW_OF_PROGRAM && real_delete) {
		real_delete(block);
		return;
	}
	self = guard_enter(FRAME);
	if (real_new == NEW_OF_ALLOCATOR && block && real_delete &&
	    !bootstrap_owns(block)) {
		block_gone(self, block);
		real_delete(block);
	} else {
		block_free(self, block);
	}
	guard_end(self);
}

EXPORT void _ZdlPv(void *block)
{
	unmake(block, real.delete_plain);
}

EXPORT void _ZdaPv(void *block)
{
	unmake(block, real.delete_array);
}

SIZED(_ZdlPvm)
{
	(void)size;
	unmake(block, real.delete_plain);
}

SIZED(_ZdaPvm)
{
	(void)size;
	unmake(block, real.delete_array);
}

EXPORT void _ZdlPvRKSt9nothrow_t(void *block, const void *tag)
{
	(void)tag;
	unmake(block, real.delete_plain);
}

EXPORT void _ZdaPvRKSt9nothrow_t(void *block, const void *tag)
{
	(void)tag;
	unmake(block, real.delete_array);
}

static void unmake_aligned(void *block, size_t align)
{
	struct thread *self;

	if (real_new == NEW_OF_PROGRAM && real.delete_aligned) {
		real.delete_aligned(block, align);
		return;
	}
	self = guard_enter(FRAME);
	if (real_new == NEW_OF_ALLOCATOR && block && real.delete_aligned) {
		block_gone(self, block);
		real.delete_aligned(block, align);
	} else {
		block_free(self, block);
	}
	guard_end(self);
}

EXPORT void _ZdlPvSt11align_val_t(void *block, size_t align)
{
	unmake_aligned(block, align);
}

EXPORT void _ZdaPvSt11align_val_t(void *block, size_t align)
{
	unmake_aligned(block, align);
}

EXPORT void _ZdlPvmSt11align_val_t(void *block, size_t size, size_t align)
{
	(void)size;
	unmake_aligned(block, align);
}

EXPORT void _ZdaPvmSt11align_val_t(void *block, size_t size, size_t align)
{
	(void)size;
	unmake_aligned(block, align);
}

EXPORT void _ZdlPvSt11align_val_tRKSt9nothrow_t(void *block, size_t align,
						const void *tag)
{
	(void)tag;
	unmake_aligned(block, align);
}

EXPORT void _ZdaPvSt11align_val_tRKSt9nothrow_t(void *block, size_t align,
						const void *tag)
{
	(void)tag;
	unmake_aligned(block, align);
}
