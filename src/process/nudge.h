/*
 * Handlers of the program's, beside calls that go on after a stop (calls.h). A
 * handler that runs between our signal and the repeated system call ends the
 * call, as it would have done without the stop. So each handler begins with
 * nudge_handler_begins(). It takes back what our signal has noted. It also
 * notes which call was ended, in case our signal comes just when the handler is
 * over.
 *
 * A handler may also run after libc's function was called but before it enters
 * the kernel. Then nothing can keep the call from waiting. A timer of the
 * thread's sends our signal, later each time, until that interrupts the call.
 *
 * thread.again is the place of the call's variable, from when it is decided
 * that the call goes on until the next call begins. It is odd while the timer
 * runs. Only the thread, or a handler in it, reads and writes these words. Raw
 * system calls only. Where one is refused, the call waits on.
 */
#ifndef NUDGE_H
#define NUDGE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/likely.h"
#include "process/thread.h"

/* Room for libc's frames between a hook and its system call. It is less than a
 * signal's frame, so a call made by a handler that interrupted the hook's own
 * call is not taken for that. */
#define CALL_FRAMES 1024

/* The stack pointer of a call that has just ended; 0 when something else was
 * interrupted. */
uintptr_t nudge_ended_sp(const void *ucontext);
/* The slow half of nudge_handler_begins(): a call goes on. */
void nudge_start(struct thread *self, const void *ucontext);

/* Called before a handler of the program's. ucontext is what the handler
 * interrupts. */
static inline void nudge_handler_begins(const void *ucontext)
{
	struct thread *self = thread_self;

	if (!self)
		return;
	self->interrupted = 0;
	self->ended = nudge_ended_sp(ucontext);
	if (unlikely(self->again))
		nudge_start(self, ucontext);
}

/* From our handler, for the timer's signal. True when the signal disturbs like
 * a stop; false when the call that it has interrupted is to end. */
bool nudge_arrived(int timer, const void *ucontext);

/* A call begins; `call` is its variable's place. A call that went on is over,
 * unless the handler that ended it makes this one. */
void nudge_forget(struct thread *self, uintptr_t call);
/* A call that our signal ended goes on, and a handler may end it from now on.
 * False when a handler has ended it. */
bool nudge_may_come(struct thread *self, uintptr_t call);
/* The same when another call, deeper in the stack, goes on in its place. */
bool nudge_moves(struct thread *self, uintptr_t call, uintptr_t inner);

#endif
