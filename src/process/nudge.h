/*
 * Handlers of the program's beside calls that go on after a stop (calls.h).
 * One that runs between our signal and the repeated system call ends the call
 * as it would have done without the stop. So each handler begins with
 * nudge_handler_begins(), which takes back what our signal has noted, and notes
 * which call has been ended, in case that ours comes just when the handler is
 * over.
 *
 * A handler may also come when libc's function has been called but has yet to
 * enter the kernel. Then nothing can keep it from waiting: a timer of the
 * thread's sends our signal, later each time, until that interrupts the call.
 *
 * thread.again is the place of the call's variable, from the moment at which it
 * is decided that it goes on until the next call begins; it is odd while the
 * timer runs. The thread alone, or a handler in it, reads and writes the words.
 * Raw system calls only; where one is refused, the call waits on.
 */
#ifndef NUDGE_H
#define NUDGE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/likely.h"
#include "process/thread.h"

/* libc's frames between a hook and its system call. Less than a signal's
 * frame, so that a call made by a handler that interrupted the hook's own is
 * not taken for it. */
#define CALL_FRAMES 1024

/* The stack pointer of a call that has just come to an end; 0: it is another
 * place that was interrupted. */
uintptr_t nudge_ended_sp(const void *ucontext);
/* The slow half of nudge_handler_begins(): a call goes on. */
void nudge_start(struct thread *self, const void *ucontext);

/* Before a handler of the program's, which interrupts what ucontext says. */
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

/* From our handler, for the timer's signal. True when it disturbs like a stop;
 * false when the call that it has interrupted is to end. */
bool nudge_arrived(int timer, const void *ucontext);

/* A call whose variable is there begins: one that went on is over, unless this
 * one is made by the handler that has ended it. */
void nudge_forget(struct thread *self, uintptr_t call);
/* A call that our signal has ended goes on, and a handler may end it from now
 * on; false: one has. */
bool nudge_may_come(struct thread *self, uintptr_t call);
/* The same when what goes on of it is another call, deeper in the stack. */
bool nudge_moves(struct thread *self, uintptr_t call, uintptr_t inner);

#endif
