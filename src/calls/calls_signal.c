/*
 * Hooks of calls that wait for a signal: see calls.h.
 */
#include <unistd.h>
#include "base/export.h"
#include "calls/calls.h"
#include "process/guard.h"
#include "process/real.h"
#include "process/signals.h"

EXPORT int pause(void)
{
	struct call call = call_begin_idle(FRAME, false);
	int r;

	do
		r = real.pause();
	while (call_again(&call, r));
	return r;
}

EXPORT int sigsuspend(const sigset_t *mask)
{
	struct call call = call_begin_idle(FRAME, false);
	sigset_t room;
	int r;

	mask = signals_without_ours(mask, &room);
	do
		r = real.sigsuspend(mask);
	while (call_again(&call, r));
	return r;
}

/* BSD's has the signals to block, X/Open's has one signal to let in. */
static int pause_letting(int mask_or_signal, int is_signal, const void *frame)
{
	struct call call = call_begin_idle(frame, false);
	int r;

	do
		r = real.sigpause(mask_or_signal, is_signal);
	while (call_again(&call, r));
	return r;
}

/* <signal.h> gives this name to the other one. */
EXPORT int pause_bsd(int mask) __asm__("sigpause");
int pause_bsd(int mask)
{
	return pause_letting(mask, 0, FRAME);
}

EXPORT int __xpg_sigpause(int sig)
{
	return pause_letting(sig, 1, FRAME);
}

/* A signal that is waited for and that comes meanwhile stays pending. */
EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *info,
			const struct timespec *timeout)
{
	struct call call = call_begin_idle(FRAME, timeout != NULL);
	struct timespec left;
	sigset_t room;
	int r;

	set = signals_without_ours(set, &room);
	r = real.sigtimedwait(set, info, timeout);
	while (call_again(&call, r))
		r = real.sigtimedwait(set, info,
				      call_left_of(&call, timeout, &left));
	return r;
}

EXPORT int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return sigtimedwait(set, info, NULL);
}
