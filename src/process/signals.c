/*
 * See signals.h. For the signals that are ours, we remember what the program
 * believes is set.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include "base/probe.h"
#include "base/request.h"
#include "base/sys.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/onstack.h"
#include "process/pid.h"
#include "process/real.h"
#include "process/signals.h"
#include "process/thread.h"

#define SILENT_SIGNAL SIGURG

/* The signals that end programs in normal use. */
static const int ends[] = {SIGTERM, SIGINT, SIGHUP, SIGABRT, SIGPIPE};
#define ENDS (sizeof ends / sizeof *ends)

/* What the program set, for signals that have our handler. A shell sets SIGINT
 * around each command, so it is with small variables. */
static struct sigaction programs[ENDS + 2];
static bool ours[NSIG];
static signal_handler_fn *handle_ours, *handle_end;

static struct sigaction *programs_of(int sig)
{
	size_t i;

	for (i = 0; i < ENDS && ends[i] != sig; i++)
		;
	return &programs[i + (sig == SILENT_SIGNAL)];
}

static void install(int sig, signal_handler_fn *handler)
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

	for (i = 0; i < ENDS; i++)
		late |= (uint64_t)ours[ends[i]] << (ends[i] - 1);
	for (late &= ~mask; late;)
		if (sys(SYS_rt_sigtimedwait, &late, 0, at_once, 8) < 0)
			return;
}

/* Ignored signals stay ignored in the new program, and pending ones are
 * dropped. */
void signals_execute(bool about)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	if (about)
		real.sigaction(GORDIAN_SIGNAL, &ignore, NULL);
	else
		install(GORDIAN_SIGNAL, handle_ours);
}

const struct sigaction *signals_programs(int sig)
{
	return programs_of(sig);
}

bool signals_is_ours(int sig)
{
	return ours[sig];
}

void signals_init(signal_handler_fn *stop, signal_handler_fn *end)
{
	uint64_t mask = 1ull << (GORDIAN_SIGNAL - 1);
	struct sigaction now = {0}; /* as it is there already */
	size_t i;

	handle_ours = stop;
	handle_end = end;
	install(GORDIAN_SIGNAL, handle_ours);
	sys(SYS_rt_sigprocmask, 1 /* SIG_UNBLOCK */, &mask, 0, 8);
	for (i = 0; i < ENDS; i++) {
		if (real.sigaction(ends[i], NULL, &now) ||
		    now.sa_handler != SIG_DFL)
			continue;
		if (now.sa_flags || !sigisemptyset(&now.sa_mask))
			*programs_of(ends[i]) = now;
		signals_ours(ends[i]);
	}
}

void signals_aside(bool aside, bool can_answer)
{
	static bool given[NSIG];
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	size_t i;

	for (i = 0; i < ENDS; i++) {
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

	for (i = 0; i < ENDS; i++)
		if (ends[i] == sig)
			return true;
	return false;
}

/* Our own signal is never given away: what the program sets is only
 * remembered. */
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
	    !real.sigaction(SILENT_SIGNAL, NULL, programs_of(SILENT_SIGNAL)))
		signals_ours(SILENT_SIGNAL);
	return SILENT_SIGNAL;
}

/* Sets what the program wants. A vfork child does so for itself alone. */
static int set_programs(int sig, const struct sigaction *action,
			struct sigaction *old)
{
	void (*before)(int) = onstack_handler(sig);
	struct sigaction wrapped;
	int err;

	if (action && !pid_is_vfork_child()) {
		wrapped = *action;
		onstack_wrap(sig, &wrapped);
		action = &wrapped;
	}
	err = real.sigaction(sig, action, old);
	if (!err && old)
		onstack_unwrap(old, before);
	return err;
}

/* In a vfork child: sets in the kernel what we would only remember for the
 * parent. */
static int sigaction_vfork(int sig, const struct sigaction *action,
			   struct sigaction *old)
{
	int err = set_programs(sig, action, old);

	if (!err && old &&
	    (old->sa_sigaction == handle_ours ||
	     old->sa_sigaction == handle_end))
		*old = *programs_of(sig);
	return err;
}

int signals_set(int sig, const struct sigaction *action, struct sigaction *old)
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
	before = *programs_of(sig);
	if (!ours[sig])
		err = set_programs(sig, NULL, &before);
	if (err)
		return err;
	if (action && (is_kept(sig) || fresh.sa_handler == SIG_DFL)) {
		*programs_of(sig) = fresh;
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

/* Reads a set as the kernel does: eight bytes, at an address that may be
 * bad. */
static bool is_set(const sigset_t *set)
{
	const struct thread *self = thread_self;
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
