/*
 * Hooks of the calls that make threads. A thread begins in a function of ours,
 * which learns the bounds of its stack and then leaves no frame.
 */
#include <errno.h>
#include <pthread.h>
#include "base/export.h"
#include "base/sandbox.h"
#include "hooks/unwinder.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/real.h"
#include "process/starts.h"
#include "process/thread.h"
#include "snapshot/relief.h"
#include "snapshot/snapshot.h"

/* Small enough for two registers. So thread_start() keeps no memory of its own,
 * and its call can be a jump. */
struct entry {
	void *(*function)(void *);
	void *arg;
};

/* In the new thread: makes its record, with the bounds of its stack. glibc's
 * pthread_getattr_np allocates, so this runs inside the guard. */
static __attribute__((noinline)) struct entry thread_begin(struct start *s,
							   uintptr_t frame)
{
	struct thread *self = guard_enter(FRAME);
	struct entry entry = {s->function, s->arg};
	bool own_stack = s->own_stack;
	pthread_attr_t attr;
	void *low;
	size_t size;

	starts_drop(s);
	if (!self)
		return entry;
	self->arg = entry.arg;
	self->own_stack = own_stack;
	self->start_frame = frame;
	if (!sandbox_is_closed() && /* it asks for the processors */
	    !pthread_getattr_np(pthread_self(), &attr)) {
		if (!pthread_attr_getstack(&attr, &low, &size)) {
			thread_set_stack(self, (uintptr_t)low,
					 (uintptr_t)low + size);
		}
		pthread_attr_destroy(&attr);
	}
	guard_leave(self, NULL);
	return entry;
}

static void *thread_start(void *arg)
{
	struct entry entry = thread_begin(arg, (uintptr_t)FRAME);

	return entry.function(entry.arg);
}

static bool attr_has_stack(const pthread_attr_t *attr)
{
	void *low = NULL;
	size_t size = 0;

	if (!attr || pthread_attr_getstack(attr, &low, &size))
		return false;
	return (uintptr_t)low + size != 0; /* glibc: 0 - size when unset */
}

static int create(pthread_t *thread, const pthread_attr_t *attr,
		  void *(*function)(void *), void *arg)
{
	struct start *s = starts_take();
	int err;

	if (!s)
		return real.pthread_create(thread, attr, function, arg);
	s->function = function;
	s->arg = arg;
	s->own_stack = attr_has_stack(attr);
	err = real.pthread_create(thread, attr, thread_start, s);
	if (err)
		starts_drop(s);
	return err;
}

static int create_c11(void *thread, int (*function)(void *), void *arg)
{
	struct start *s = starts_take();
	int err;

	if (!s)
		return real.thrd_create(thread, function, arg);
	/* libc calls a C11 thread's function through the int type and widens
	 * the result: the register is the same */
	s->function = (void *(*)(void *))(uintptr_t)function;
	s->arg = arg;
	s->own_stack = false;
	err = real.thrd_create(thread, (int (*)(void *))(uintptr_t)thread_start,
			       s);
	if (err)
		starts_drop(s);
	return err;
}

/* The size of a new thread's stack, with its guard page. */
static size_t stack_room(const pthread_attr_t *attr)
{
	pthread_attr_t usual;
	size_t stack = 0, guard = 0;

	if (!attr && pthread_getattr_default_np(&usual))
		return 0;
	pthread_attr_getstacksize(attr ? attr : &usual, &stack);
	pthread_attr_getguardsize(attr ? attr : &usual, &guard);
	if (!attr)
		pthread_attr_destroy(&usual);
	return stack + guard;
}

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg)
{
	int err;

	if (!library_begin() && !real.pthread_create)
		return EAGAIN;
	unwinder_open();
	do
		err = create(thread, attr, start, arg);
	while (err == EAGAIN &&
	       (snapshot_make_room() || relief_outside(stack_room(attr))));
	return err;
}

EXPORT int thrd_create(void *thread, int (*start)(void *), void *arg)
{
	int err;

	if (!library_begin() && !real.thrd_create)
		return 2 /* thrd_error */;
	unwinder_open();
	do
		err = create_c11(thread, start, arg);
	while (err &&
	       (snapshot_make_room() || relief_outside(stack_room(NULL))));
	return err;
}
