/* See nudge.h. */
#include <signal.h>
#include <time.h>
#include "base/request.h"
#include "base/sys.h"
#include "process/interrupted.h"
#include "process/nudge.h"
#include "process/thread.h"

#define STRUCK 1ul
#define NUDGE_NS 1000000ull
#define TO_THREAD 4 /* SIGEV_THREAD_ID */

/* As the kernel has it: a signal for one thread. */
struct kernel_event {
	uint64_t value;
	int32_t sig, how, tid, unused[11];
};

/* Sets the timer to fire once; later each time, since a handler may run for
 * long. */
static void set_timer(struct thread *self, int timer)
{
	uint32_t shift = self->nudges < 10 ? self->nudges++ : 10;
	int64_t once[4] = {0, 0, 0, 0};
	uint64_t ns = NUDGE_NS << shift;

	once[2] = ns / 1000000000;
	once[3] = ns % 1000000000;
	sys(SYS_timer_settime, timer, 0, once, 0);
}

static void start_timer(struct thread *self)
{
	struct kernel_event event = {.value = GORDIAN_NUDGE,
				     .sig = GORDIAN_SIGNAL,
				     .how = TO_THREAD};
	int timer;

	event.tid = sys(SYS_gettid);
	self->nudges = 0;
	if (!sys(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer))
		set_timer(self, timer);
}

uintptr_t nudge_ended_sp(const void *ucontext)
{
	const ucontext_t *uc = ucontext;

	return is_ended(uc->uc_mcontext.gregs) ? uc->uc_mcontext.gregs[REG_RSP]
					       : 0;
}

/* A thread that is in the call needs nothing: the kernel ends the call or makes
 * it again. Otherwise it is too early or too late for that, which cannot be
 * told here. */
void nudge_start(struct thread *self, const void *ucontext)
{
	const ucontext_t *uc = ucontext;

	if (self->again & STRUCK || is_set_back(uc->uc_mcontext.gregs))
		return;
	if (is_interrupted_call(uc->uc_mcontext.gregs)) {
		self->again = 0;
		return;
	}
	self->again |= STRUCK;
	start_timer(self);
}

static bool is_waiting(uintptr_t call, const ucontext_t *uc)
{
	const greg_t *regs = uc->uc_mcontext.gregs;

	return is_interrupted_call(regs) &&
	       call - (uintptr_t)regs[REG_RSP] < CALL_FRAMES;
}

bool nudge_arrived(int timer, const void *ucontext)
{
	const ucontext_t *uc = ucontext;
	struct thread *self = thread_self;
	uintptr_t call = self ? self->again : 0;
	bool ends = call & STRUCK && is_waiting(call, uc);

	if (ends || !(call & STRUCK) ||
	    (uintptr_t)uc->uc_mcontext.gregs[REG_RSP] > call) {
		sys(SYS_timer_delete, timer);
		if (self)
			self->again = 0;
		if (ends)
			nudge_handler_begins(uc); /* as if it came now */
	} else {
		set_timer(self, timer);
	}
	return !ends;
}

/* Whether this is the call that has ended, or one of the same depth. Otherwise
 * a handler makes this call, and the one that has ended is further out. */
static bool is_struck(const struct thread *self, uintptr_t call)
{
	return self->again & STRUCK && call + CALL_FRAMES > self->again;
}

void nudge_forget(struct thread *self, uintptr_t call)
{
	if (!(self->again & STRUCK) || is_struck(self, call))
		self->again = 0;
}

/* Writes first the word that handlers look at, then the one that they take
 * back. */
bool nudge_may_come(struct thread *self, uintptr_t call)
{
	bool struck = is_struck(self, call);

	if (self->again & STRUCK && !struck)
		return true;
	self->again = call;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (!struck && self->interrupted)
		return true;
	self->again = 0;
	return false;
}

bool nudge_moves(struct thread *self, uintptr_t call, uintptr_t inner)
{
	uintptr_t was = self->again;

	if (was & STRUCK)
		return !is_struck(self, call);
	return was &&
	       __atomic_compare_exchange_n(&self->again, &was, inner, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}
