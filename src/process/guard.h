/*
 * The guard. Between guard_enter() and guard_leave() a thread is inside
 * Gordian. What it allocates there is recorded as internal. A stop or a request
 * that arrives is only noted, and is served on leaving. So no thread is ever
 * stopped inside an allocator, nor while it holds a lock of ours.
 *
 * One word of initial-exec thread-local storage; no lock.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/likely.h"
#include "process/thread.h"

/* The frame of the hook that uses this macro. Stacks begin at the hook's
 * caller. */
#define FRAME __builtin_frame_address(0)

/* Whether a signal handler left the guard by longjmp: the frame that entered is
 * gone, and the stack pointer is above it. */
static inline bool guard_is_stale(const struct thread *self, uintptr_t sp)
{
	return self->guard_frame <= sp && sp < self->stack_high &&
	       self->guard_frame >= self->stack_low;
}

/* The calling thread, now inside the guard. NULL when it was inside already, or
 * when nothing can be tracked. */
static inline struct thread *guard_enter(const void *frame)
{
	struct thread *self = thread_self;

	if (unlikely(!self)) {
		self = thread_attach();
		if (!self)
			return NULL;
	}
	if (unlikely(self->inside) && !guard_is_stale(self, (uintptr_t)frame))
		return NULL;
	self->guard_frame = (uintptr_t)frame;
	self->inside = true;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return self;
}

/* Serves what was noted. value is what the hook returns. Entered by a tail
 * call, so every register that the program still needs is as the program left
 * it. */
void *guard_serve(void *value) __attribute__((visibility("hidden")));

/* Serves what is noted in `pending`. All that the program needs of the thread
 * is at sp or above. The constructor sets this, before anything is noted that
 * the constructor would not find anyway. */
extern void (*guard_server)(uintptr_t sp) __attribute__((visibility("hidden")));

/* What hooks look at the clock for. */
enum look_for {
	LOOK_FOR_TIME = 1, /* there is an interval */
	LOOK_FOR_NEWS = 2, /* there is a callback */
	LOOK_FOR_END = 4,  /* there is a scan's child */
};
extern uint32_t guard_looks __attribute__((visibility("hidden")));
void guard_look_for(enum look_for what, bool on);

/* After so many hooks the clock may have moved: the server then looks at it. */
static inline void guard_tick(struct thread *self)
{
	if (unlikely(guard_looks) && --self->ticks < 0)
		__atomic_fetch_or(&self->pending, PENDING_CLOCK,
				  __ATOMIC_RELAXED);
}

/* Every hook ends with `return guard_leave(self, value)`. */
static inline void *guard_leave(struct thread *self, void *value)
{
	guard_tick(self);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	self->inside = false;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (unlikely(self->pending))
		return guard_serve(value);
	return value;
}

/* The same for a hook that returns nothing and may not have entered the
 * guard. */
static inline __attribute__((always_inline)) void guard_end(struct thread *self)
{
	if (likely(self != NULL))
		guard_leave(self, NULL);
}

/* While a callback or a clear function of the program's runs. */
static inline void thread_calls_back(bool begins)
{
	struct thread *self = thread_self;

	if (self)
		self->calls_back += begins ? 1 : -1;
}

#endif
