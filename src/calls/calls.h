/*
 * Calls that our signal would disturb although its handler has SA_RESTART:
 * those that then fail with EINTR, and transfers that come back short. Each has
 * a hook in a calls_*.c. The hook begins, calls, and calls again for what is
 * left, as long as only a stop or a request of ours came in between. So the
 * program sees the same results, errno and end of time as without Gordian.
 *
 * While nothing interrupts, a hook costs a few instructions, a look at the
 * clock where the call has a timeout, and no system call. Any thread, any
 * signal handler; no lock, no allocation. It is libc's own function that is
 * called each time, so the call stays a cancellation point.
 *
 * A handler of the program's that runs between our signal and the repeated
 * system call ends the call all the same: nudge.h.
 */
#ifndef CALLS_H
#define CALLS_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include <ucontext.h>
#include "base/likely.h"
#include "base/sys.h"
#include "process/guard.h"
#include "process/nudge.h"
#include "process/thread.h"

/* A call under way: a variable of its hook. */
struct call {
	struct thread *self;
	uint64_t began; /* ns; 0: the clock was not read */
	int saved;	/* errno, as the program had it */
};

/* The slow half of calls_note(): a signal of the program's has come, or it is
 * not known yet. */
void calls_note_signals(void *ucontext);

/* From our handler, at its end; ucontext is what it interrupted. Notes a system
 * call that our signal, and none of the program's, has ended. A call that the
 * kernel is to make again fails with EINTR when a signal of the program's has
 * come meanwhile and wants that. Where none has come, this writes nothing to
 * the stack on which it is called. */
static inline __attribute__((always_inline)) void calls_note(void *ucontext)
{
	const ucontext_t *uc = ucontext;
	const greg_t *regs = uc->uc_mcontext.gregs;
	const uint8_t *next = (const uint8_t *)regs[REG_RIP];
	struct thread *self = thread_self;

	if (self)
		sys(SYS_rt_sigpending, &self->arrived, 8);
	if (!self || self->arrived & ~*(const uint64_t *)&uc->uc_sigmask ||
	    (uintptr_t)next % 4096 < 2 || regs[REG_RAX] == SYS_restart_syscall)
		calls_note_signals(ucontext);
	else if ((regs[REG_RAX] == -EINTR || regs[REG_RAX] > 0) &&
		 next[-2] == 0x0f && next[-1] == 0x05 /* syscall */ &&
		 (uintptr_t)regs[REG_RSP] != self->ended)
		self->interrupted = regs[REG_RSP];
}

/* When a handler makes this call, the call that the handler has ended is
 * another one. */
static inline void call_arm(struct call *call)
{
	struct thread *self = call->self;

	if (unlikely(!self))
		return;
	self->interrupted = 0;
	if (unlikely((uintptr_t)call - self->ended < CALL_FRAMES))
		self->ended = 0;
}

static inline uint64_t call_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* Inlined into the hook: the variable's place tells the call's depth. */
static inline __attribute__((always_inline)) struct call call_begin(bool timed)
{
	struct call call = {.self = thread_self, .saved = errno};

	if (unlikely(!call.self))
		call.self = thread_attach();
	if (timed)
		call.began = call_now();
	call_arm(&call);
	if (call.self && unlikely(call.self->again))
		nudge_forget(call.self, (uintptr_t)&call);
	return call;
}

/* The same for calls in which a program idles. Entering one counts as entering
 * a hook, and a scan that is due is made first. */
static inline __attribute__((always_inline)) struct call
call_begin_idle(const void *frame, bool timed)
{
	struct thread *self = guard_enter(frame);

	if (self) {
		self->ticks = 0;
		guard_leave(self, NULL);
	}
	return call_begin(timed);
}

/* Whether our signal came as the call ended. libc's frames for the call take so
 * many bytes. */
static inline bool call_was_hit(struct call *call, size_t frames)
{
	return call->self && unlikely(call->self->interrupted) &&
	       (uintptr_t)call - call->self->interrupted < frames;
}

static inline bool call_again_within(struct call *call, long result,
				     size_t frames)
{
	if (likely(result != -1) || errno != EINTR ||
	    !call_was_hit(call, frames) ||
	    !nudge_may_come(call->self, (uintptr_t)call))
		return false;
	call_arm(call);
	errno = call->saved;
	return true;
}

/* Whether a call is to be made again, by its result: only we have made it fail
 * with EINTR. errno is then as it was before the call. */
static inline bool call_again(struct call *call, long result)
{
	return call_again_within(call, result, CALL_FRAMES);
}

/* The same for a transfer, which failed or may have been cut short. */
static inline bool call_was_cut(struct call *call, ssize_t result)
{
	return call_was_hit(call, CALL_FRAMES) &&
	       (result > 0 || (result == -1 && errno == EINTR)) &&
	       nudge_may_come(call->self, (uintptr_t)call);
}

/* What is left of a time that was given when the call began, or now if the
 * clock was not read then. In nanoseconds, in milliseconds (negative: for
 * ever), or as a timespec (NULL: for ever), which is put into room. Never too
 * little. */
uint64_t call_left(struct call *call, uint64_t ns);
int call_left_ms(struct call *call, int ms);
const struct timespec *call_left_of(struct call *call,
				    const struct timespec *timeout,
				    struct timespec *room);

struct timespec call_timespec(uint64_t ns);

#endif
