/*
 * Hooks of the calls that set signals' actions and masks. The program is told
 * what it has set itself (signals.h).
 */
#include <errno.h>
#include "base/export.h"
#include "base/request.h"
#include "hooks/interpreter.h"
#include "hooks/teardown.h"
#include "process/library.h"
#include "process/real.h"
#include "process/signals.h"

/* In a mask that is told to the program: a program that blocks our signal's two
 * neighbours filled the set, and believes that ours is in it. */
static void with_ours(sigset_t *mask)
{
	if (sigismember(mask, GORDIAN_SIGNAL - 1) == 1 &&
	    sigismember(mask, GORDIAN_SIGNAL + 1) == 1)
		sigaddset(mask, GORDIAN_SIGNAL);
}

EXPORT int sigaction(int sig, const struct sigaction *action,
		     struct sigaction *old)
{
	int err;

	interpreter_look();
	if (sig == SIGINT)
		teardown_look_ruby();
	err = signals_set(sig, action, old);
	if (!err && old)
		with_ours(&old->sa_mask);
	return err;
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

/* Such a descriptor is ready, and gives the signal away, as soon as the signal
 * is queued. So ours is left out. */
EXPORT int signalfd(int fd, const sigset_t *set, int flags)
{
	sigset_t copy;

	return real.signalfd(fd, signals_without_ours(set, &copy), flags);
}
