/*
 * See signals.h. The handlers run on a stack of ours (altstack.h), with all
 * signals blocked. Hooks of sigaction and signal keep, for the signals
 * that are ours, what the program believes is set.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include "altstack.h"
#include "calls.h"
#include "end.h"
#include "export.h"
#include "guard.h"
#include "pid.h"
#include "library.h"
#include "large.h"
#include "park.h"
#include "probe.h"
#include "real.h"
#include "request.h"
#include "signals.h"
#include "snapshot.h"
#include "sys.h"

#define SILENT_SIGNAL SIGURG

/* Those that end a program in the normal course of things. */
static const int ends[] = {SIGTERM, SIGINT, SIGHUP, SIGABRT, SIGPIPE};

/* What the program set, where our handler stands instead. */
static struct sigaction programs[NSIG] LARGE;
static bool ours[NSIG];

static void note(struct thread *self, uint32_t what)
{
	__atomic_fetch_or(&self->pending, what, __ATOMIC_RELEASE);
}

/* Inside the guard it can only be noted; a guard left by longjmp is none. */
static struct thread *inside(uintptr_t sp)
{
	struct thread *self = guard_self;

	return self && self->inside && !guard_is_stale(self, sp) ? self : NULL;
}

/* The program uses this signal too: its handler runs as if it stood there,
 * with the signals blocked that it asked for. */
static void handle_programs(int sig, siginfo_t *info, void *ucontext)
{
	const struct sigaction *action = &programs[sig];
	const ucontext_t *uc = ucontext;
	sigset_t mask;

	if (action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN)
		return;
	sigorset(&mask, &uc->uc_sigmask, &action->sa_mask);
	if (!(action->sa_flags & SA_NODEFER))
		sigaddset(&mask, sig);
	sys(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &mask, 0, 8);
	if (action->sa_flags & SA_SIGINFO)
		action->sa_sigaction(sig, info, ucontext);
	else
		action->sa_handler(sig);
}

/* True when the thread was held. */
static __attribute__((noinline)) bool serve(int sig, siginfo_t *info,
					    void *ucontext)
{
	struct stopped here = stopped_from_signal(ucontext);
	struct thread *self = inside(here.sp);
	bool request = info->si_value.sival_int == GORDIAN_REQUEST;

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

/* After a stop the child shares every page, and to copy one costs more than
 * all the rest of the way back: it writes to none of this stack, where it need
 * not, as thousands of threads may go it at once. Hence no call from here. */
static void handle_ours(int sig, siginfo_t *info, void *ucontext)
{
	if (serve(sig, info, ucontext))
		calls_note(ucontext);
}

static void handle_end(int sig, siginfo_t *info, void *ucontext)
{
	struct stopped here = stopped_from_signal(ucontext);
	struct thread *self = inside(here.sp);

	(void)info;
	end_note_signal(sig);
	if (self && !pid_is_vfork_child())
		note(self, PENDING_END);
	else
		end_by_signal(&here);
}

static void install(int sig, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART |
					       SA_ONSTACK};

	action.sa_sigaction = handler;
	sigfillset(&action.sa_mask);
	if (!real.sigaction(sig, &action, NULL))
		ours[sig] = true;
}

void signals_ours(int sig)
{
	install(sig, sig == SILENT_SIGNAL ? handle_ours : handle_end);
}

void signals_default(int sig)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	if (!pid_is_vfork_child()) /* whose memory is its parent's */
		ours[sig] = false;
	real.sigaction(sig, &action, NULL);
}

void signals_drop_ends(uint64_t mask)
{
	uint64_t late = 0, at_once[2] = {0, 0};
	size_t i;

	for (i = 0; i < sizeof ends / sizeof *ends; i++)
		late |= (uint64_t)ours[ends[i]] << (ends[i] - 1);
	for (late &= ~mask; late;)
		if (sys(SYS_rt_sigtimedwait, &late, 0, at_once, 8) < 0)
			return;
}

/* What is ignored stays so in the new program, and what is pending is gone. */
void signals_execute(bool about)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	if (about)
		real.sigaction(GORDIAN_SIGNAL, &ignore, NULL);
	else
		install(GORDIAN_SIGNAL, handle_ours);
}

static void init_sigaction(struct sigaction *action)
{
	memset(action, 0, sizeof *action);
	sigemptyset(&action->sa_mask);
}

void signals_init(void)
{
	uint64_t mask = 1ull << (GORDIAN_SIGNAL - 1);
	struct sigaction now;
	size_t i;

	install(GORDIAN_SIGNAL, handle_ours);
	init_sigaction(&programs[GORDIAN_SIGNAL]);
	sys(SYS_rt_sigprocmask, 1 /* SIG_UNBLOCK */, &mask, 0, 8);
	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (real.sigaction(ends[i], NULL, &now) ||
		    now.sa_handler != SIG_DFL)
			continue;
		programs[ends[i]] = now;
		signals_ours(ends[i]);
	}
}

void signals_aside(bool aside, bool can_answer)
{
	static bool given[NSIG];
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	size_t i;

	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		int sig = ends[i];

		if (aside && ours[sig]) {
			given[sig] = true;
			signals_default(sig);
		} else if (!aside && given[sig]) {
			given[sig] = false;
			signals_ours(sig);
		}
	}
	if (!can_answer)
		real.sigaction(GORDIAN_SIGNAL, &ignore, NULL);
	else if (!aside)
		install(GORDIAN_SIGNAL, handle_ours);
}

static bool is_end(int sig)
{
	size_t i;

	for (i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends[i] == sig)
			return true;
	return false;
}

/* Ours and never given away: what the program sets is only remembered. */
static bool is_kept(int sig)
{
	return sig == GORDIAN_SIGNAL || (sig == SILENT_SIGNAL && ours[sig]);
}

/* gdb stops at a real-time signal and asks its user. */
int signals_for_stop(bool traced)
{
	if (!traced)
		return GORDIAN_SIGNAL;
	if (!ours[SILENT_SIGNAL] &&
	    !real.sigaction(SILENT_SIGNAL, NULL, &programs[SILENT_SIGNAL]))
		signals_ours(SILENT_SIGNAL);
	return SILENT_SIGNAL;
}

/* In a mask that is told to the program: who blocks the signals beside ours
 * filled the set, and believes that ours is among them. */
static void with_ours(sigset_t *mask)
{
	if (sigismember(mask, GORDIAN_SIGNAL - 1) == 1 &&
	    sigismember(mask, GORDIAN_SIGNAL + 1) == 1)
		sigaddset(mask, GORDIAN_SIGNAL);
}

/* What the program sets; a vfork child does so for itself alone. */
static int set_programs(int sig, const struct sigaction *action,
			struct sigaction *old)
{
	void (*before)(int) = altstack_handler(sig);
	struct sigaction wrapped;
	int err;

	if (action && !pid_is_vfork_child()) {
		wrapped = *action;
		altstack_wrap(sig, &wrapped);
		action = &wrapped;
	}
	err = real.sigaction(sig, action, old);
	if (!err && old)
		altstack_unwrap(old, before);
	return err;
}

/* A vfork child sets for itself what we remember for its parent. */
static int sigaction_vfork(int sig, const struct sigaction *action,
			   struct sigaction *old)
{
	int err = set_programs(sig, action, old);

	if (!err && old &&
	    (old->sa_sigaction == handle_ours ||
	     old->sa_sigaction == handle_end))
		*old = programs[sig];
	return err;
}

static int set_action(int sig, const struct sigaction *action,
		      struct sigaction *old)
{
	struct sigaction fresh, before;
	int err = 0;

	if (!real.sigaction && !library_begin()) {
		errno = EINVAL;
		return -1;
	}
	if (action) {
		/* a handler left by longjmp would keep it blocked */
		fresh = *action;
		sigdelset(&fresh.sa_mask, GORDIAN_SIGNAL);
		action = &fresh;
	}
	if (!library_is_ready() || sig <= 0 || sig >= NSIG ||
	    (!is_kept(sig) && !is_end(sig)))
		return set_programs(sig, action, old);
	if (pid_is_vfork_child())
		return sigaction_vfork(sig, action, old);
	before = programs[sig];
	if (!ours[sig])
		err = set_programs(sig, NULL, &before);
	if (err)
		return err;
	if (action && (is_kept(sig) || fresh.sa_handler == SIG_DFL)) {
		programs[sig] = fresh;
		if (!ours[sig])
			signals_ours(sig);
	} else if (action) {
		err = set_programs(sig, &fresh, NULL);
		ours[sig] = err ? ours[sig] : false;
	}
	if (!err && old)
		*old = before;
	return err;
}

EXPORT int sigaction(int sig, const struct sigaction *action,
		     struct sigaction *old)
{
	int err = set_action(sig, action, old);

	if (!err && old)
		with_ours(&old->sa_mask);
	return err;
}

/* BSD semantics, as glibc's signal(). */
EXPORT void (*signal(int sig, void (*handler)(int)))(int)
{
	struct sigaction action, old;

	init_sigaction(&action);
	action.sa_handler = handler;
	action.sa_flags = SA_RESTART;
	if (handler == SIG_ERR) {
		errno = EINVAL;
		return SIG_ERR;
	}
	return sigaction(sig, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

/* The kernel reads eight bytes of a set, and may refuse to. */
static bool is_set(const sigset_t *set)
{
	const struct thread *self = guard_self;
	uintptr_t at = (uintptr_t)set;

	return (self && at - (uintptr_t)FRAME < 1 << 16 &&
		at + 8 <= self->stack_high) ||
	       (probe_readable(at) && probe_readable(at + 7));
}

const sigset_t *signals_without_ours(const sigset_t *set, sigset_t *room)
{
	if (!set || !library_is_ready() || !is_set(set) ||
	    !sigismember(set, GORDIAN_SIGNAL))
		return set;
	sigemptyset(room);
	memcpy(room, set, 8);
	sigdelset(room, GORDIAN_SIGNAL);
	return room;
}

EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	sigset_t copy;
	int err;

	if (!real.sigprocmask && !library_begin())
		return -1;
	err = real.sigprocmask(how, signals_without_ours(set, &copy), old);
	if (!err && old)
		with_ours(old);
	return err;
}

EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	sigset_t copy;
	int err;

	if (!real.pthread_sigmask && !library_begin())
		return EINVAL;
	err = real.pthread_sigmask(how, signals_without_ours(set, &copy), old);
	if (!err && old)
		with_ours(old);
	return err;
}

EXPORT int pthread_attr_setsigmask_np(pthread_attr_t *attr, const sigset_t *set)
{
	sigset_t copy;

	if (!real.attr_setsigmask)
		return ENOSYS;
	return real.attr_setsigmask(attr, signals_without_ours(set, &copy));
}

EXPORT int sigwait(const sigset_t *set, int *sig)
{
	sigset_t copy;

	return real.sigwait(signals_without_ours(set, &copy), sig);
}
