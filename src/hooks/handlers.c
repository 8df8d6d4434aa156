/* See handlers.h. They run on a stack of ours (altstack.h), with all signals
 * blocked. */
#include <signal.h>
#include <ucontext.h>
#include "base/request.h"
#include "base/sys.h"
#include "calls/calls.h"
#include "hooks/end.h"
#include "hooks/handlers.h"
#include "process/guard.h"
#include "process/nudge.h"
#include "process/park.h"
#include "process/pid.h"
#include "process/signals.h"
#include "process/stopped.h"
#include "process/thread.h"
#include "snapshot/question.h"
#include "snapshot/snapshot.h"
#include "snapshot/triggers.h"

static void note(struct thread *self, uint32_t what)
{
	__atomic_fetch_or(&self->pending, what, __ATOMIC_RELEASE);
}

/* The thread when it is inside the guard, where a signal is only noted. A guard
 * that was left by longjmp does not count. */
static struct thread *inside(uintptr_t sp)
{
	struct thread *self = thread_self;

	return self && self->inside && !guard_is_stale(self, sp) ? self : NULL;
}

/* The program uses this signal, too. Its handler runs as if it were installed,
 * with the signals blocked that it asked for. */
static void handle_programs(int sig, siginfo_t *info, void *ucontext)
{
	const struct sigaction *action = signals_programs(sig);
	const ucontext_t *uc = ucontext;
	sigset_t mask;

	if (action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN)
		return;
	nudge_handler_begins(uc);
	sigorset(&mask, &uc->uc_sigmask, &action->sa_mask);
	if (!(action->sa_flags & SA_NODEFER))
		sigaddset(&mask, sig);
	sys(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &mask, 0, 8);
	if (action->sa_flags & SA_SIGINFO)
		action->sa_sigaction(sig, info, ucontext);
	else
		action->sa_handler(sig);
}

/* The last one counts: who waits for the answer to another asks again. */
static bool serve_question(uint64_t about, struct thread *self,
			   const struct stopped *here)
{
	if (pid_is_vfork_child())
		return false;
	if (self) {
		self->about = about;
		note(self, PENDING_ABOUT);
		return false;
	}
	question_answer(about, here);
	return true;
}

/* True when the thread was held. */
static __attribute__((noinline)) bool serve(int sig, siginfo_t *info,
					    void *ucontext)
{
	struct stopped here = stopped_from_signal(ucontext);
	struct thread *self = inside(here.sp);
	uint64_t about = (uint64_t)info->si_value.sival_ptr;
	bool request = info->si_value.sival_int == GORDIAN_REQUEST;

	if (info->si_code == SI_TIMER &&
	    info->si_value.sival_int == GORDIAN_NUDGE)
		return nudge_arrived(info->si_timerid, ucontext);
	if (info->si_code == SI_QUEUE && question_is(about))
		return serve_question(about, self, &here);
	if (info->si_code != SI_QUEUE ||
	    (!request && info->si_value.sival_int != GORDIAN_STOP)) {
		handle_programs(sig, info, ucontext);
		return false;
	}
	if (pid_is_vfork_child())
		return false;
	if (self) {
		note(self, request ? PENDING_REQUEST : PENDING_STOP);
		if (!request && !park_noted())
			__atomic_fetch_and(&self->pending,
					   ~(uint32_t)PENDING_STOP,
					   __ATOMIC_RELEASE);
		return false;
	}
	if (request)
		snapshot_take(TRIGGER_REQUEST, &here);
	else
		park(&here);
	return true;
}

/* After a stop the child shares every page, and copying one costs more than all
 * the rest of the way back. Thousands of threads may take that way at once. So
 * it writes to none of this stack where it need not, and makes no calls. */
void handle_ours(int sig, siginfo_t *info, void *ucontext)
{
	if (serve(sig, info, ucontext))
		calls_note(ucontext);
}

void handle_end(int sig, siginfo_t *info, void *ucontext)
{
	struct stopped here = end_place(sig, ucontext);
	struct thread *self = inside(stopped_from_signal(ucontext).sp);

	(void)info;
	end_note_signal(sig);
	if (self && !pid_is_vfork_child())
		note(self, PENDING_END);
	else
		end_by_signal(&here);
}
