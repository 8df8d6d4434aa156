/*
 * LeakSanitizer's interface (sanitizer/lsan_interface.h), so that programs
 * annotated for it work as they are. Any thread. One difference:
 * __lsan_do_leak_check() never ends the program. In a program that brings
 * LeakSanitizer, that answers as without us.
 */
#include "base/export.h"
#include "heap/heap.h"
#include "heap/range.h"
#include "hooks/checker.h"
#include "hooks/end.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/stopped.h"
#include "process/thread.h"
#include "snapshot/snapshot.h"
#include "snapshot/triggers.h"

EXPORT void __lsan_ignore_object(const void *block);
EXPORT void __lsan_disable(void);
EXPORT void __lsan_enable(void);
EXPORT void __lsan_register_root_region(const void *start, size_t size);
EXPORT void __lsan_unregister_root_region(const void *start, size_t size);
EXPORT void __lsan_do_leak_check(void);
EXPORT int __lsan_do_recoverable_leak_check(void);

/* The block that begins at `block`, and what it keeps, is no leak. */
void __lsan_ignore_object(const void *block)
{
	struct thread *self = guard_enter(FRAME);

	heap_ignore(block);
	guard_end(self);
	if (checker.ignore_object)
		checker.ignore_object(block);
}

/* What this thread allocates until __lsan_enable() is no leak. Calls nest. */
void __lsan_disable(void)
{
	struct thread *self = guard_enter(FRAME);

	if (self) {
		self->disabled++;
		guard_leave(self, NULL);
	}
	if (checker.disable)
		checker.disable();
}

void __lsan_enable(void)
{
	struct thread *self = guard_enter(FRAME);

	if (self) {
		self->disabled -= self->disabled > 0;
		guard_leave(self, NULL);
	}
	if (checker.enable)
		checker.enable();
}

void __lsan_register_root_region(const void *start, size_t size)
{
	struct thread *self = guard_enter(FRAME);

	ranges_add(&ranges_root, (uintptr_t)start, (uintptr_t)start + size);
	heap_spare();
	guard_end(self);
	if (checker.register_root_region)
		checker.register_root_region(start, size);
}

void __lsan_unregister_root_region(const void *start, size_t size)
{
	struct thread *self = guard_enter(FRAME);

	ranges_remove(&ranges_root, (uintptr_t)start, (uintptr_t)start + size);
	guard_end(self);
	if (checker.unregister_root_region)
		checker.unregister_root_region(start, size);
}

/* The callers have spilled their registers, above this frame. */
static __attribute__((noinline)) int check(enum trigger trigger)
{
	struct stopped here = stopped_from_sp((uintptr_t)FRAME);

	if (!library_is_ready() || snapshot_take(trigger, &here))
		return 0;
	return snapshot_alarms() != 0;
}

/* Replaces the check at exit. The check of a program that brings LeakSanitizer
 * ends it when it finds something. */
void __lsan_do_leak_check(void)
{
	__builtin_unwind_init();
	if (library_is_ready())
		end_no_scan();
	check(checker.do_leak_check ? TRIGGER_EXIT : TRIGGER_API);
	if (checker.do_leak_check)
		checker.do_leak_check();
}

/* 1 when there are leaks, otherwise 0. */
int __lsan_do_recoverable_leak_check(void)
{
	int found;

	__builtin_unwind_init();
	found = check(TRIGGER_API);
	if (checker.do_recoverable_leak_check)
		found = checker.do_recoverable_leak_check();
	return found;
}
