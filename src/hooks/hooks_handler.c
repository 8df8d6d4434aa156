/*
 * Hooks of the functions, beside sigaction() (hooks_signal.c), that set a
 * handler: libc's own would pass by it. Any thread; no lock.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "base/export.h"

typedef void (*handler_fn)(int);

/* The signals that siginterrupt() wants to make calls fail with EINTR, also
 * after a later signal(). */
static uint64_t fails;

static handler_fn set(int sig, handler_fn handler, int flags)
{
	struct sigaction action, old;

	memset(&action, 0, sizeof action);
	action.sa_handler = handler;
	action.sa_flags = flags;
	return sigaction(sig, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

/* Like set(), but SIG_ERR is no handler. */
static handler_fn set_checked(int sig, handler_fn handler, int flags)
{
	if (handler != SIG_ERR)
		return set(sig, handler, flags);
	errno = EINVAL;
	return SIG_ERR;
}

/* BSD semantics, as glibc's signal(). */
EXPORT handler_fn signal(int sig, handler_fn handler)
{
	bool fail = sig > 0 && sig < NSIG && fails >> (sig - 1) & 1;

	return set_checked(sig, handler, fail ? 0 : SA_RESTART);
}

EXPORT handler_fn bsd_signal(int sig, handler_fn handler)
{
	return signal(sig, handler);
}

EXPORT handler_fn ssignal(int sig, handler_fn handler)
{
	return signal(sig, handler);
}

/* signal() for programs that ask for X/Open alone. */
EXPORT handler_fn __sysv_signal(int sig, handler_fn handler)
{
	return set_checked(sig, handler,
			   SA_RESETHAND | SA_NODEFER | SA_INTERRUPT);
}

EXPORT handler_fn sysv_signal(int sig, handler_fn handler)
{
	return __sysv_signal(sig, handler);
}

static handler_fn hold(int sig, const sigset_t *set)
{
	struct sigaction now;
	sigset_t before;

	if (sigprocmask(SIG_BLOCK, set, &before) < 0)
		return SIG_ERR;
	if (sigismember(&before, sig))
		return SIG_HOLD;
	return sigaction(sig, NULL, &now) < 0 ? SIG_ERR : now.sa_handler;
}

EXPORT handler_fn sigset(int sig, handler_fn handler)
{
	handler_fn old;
	sigset_t just, before;

	sigemptyset(&just);
	if (sigaddset(&just, sig) < 0)
		return SIG_ERR;
	if (handler == SIG_HOLD)
		return hold(sig, &just);
	old = set(sig, handler, 0);
	if (old == SIG_ERR || sigprocmask(SIG_UNBLOCK, &just, &before) < 0)
		return SIG_ERR;
	return sigismember(&before, sig) ? SIG_HOLD : old;
}

EXPORT int siginterrupt(int sig, int fail)
{
	struct sigaction action;

	if (sigaction(sig, NULL, &action) < 0)
		return -1;
	if (fail) {
		fails |= 1ull << (sig - 1);
		action.sa_flags &= ~SA_RESTART;
	} else {
		fails &= ~(1ull << (sig - 1));
		action.sa_flags |= SA_RESTART;
	}
	return sigaction(sig, &action, NULL);
}
