/*
 * Hooks of calls that sleep: see calls.h. The kernel tells what is left.
 */
#include <threads.h>
#include <unistd.h>
#include "base/export.h"
#include "base/likely.h"
#include "calls/calls.h"
#include "process/guard.h"
#include "process/real.h"

EXPORT int nanosleep(const struct timespec *time, struct timespec *left)
{
	struct call call = call_begin_idle(FRAME, false);
	struct timespec rest;
	int r = real.nanosleep(time, &rest);

	while (call_again(&call, r))
		r = real.nanosleep(&rest, &rest);
	if (r == -1 && errno == EINTR && left)
		*left = rest;
	return r;
}

/* The result tells the error; errno stays. */
static bool again(struct call *call, bool interrupted)
{
	if (likely(!interrupted))
		return false;
	errno = EINTR;
	interrupted = call_again(call, -1);
	errno = call->saved;
	return interrupted;
}

EXPORT int clock_nanosleep(clockid_t clock, int flags,
			   const struct timespec *time, struct timespec *left)
{
	struct call call = call_begin_idle(FRAME, false);
	bool until = flags & TIMER_ABSTIME;
	struct timespec rest;
	int err = real.clock_nanosleep(clock, flags, time, &rest);

	while (again(&call, err == EINTR))
		err = real.clock_nanosleep(clock, flags, until ? time : &rest,
					   &rest);
	if (err == EINTR && left && !until)
		*left = rest;
	return err;
}

/* -1: interrupted; less than that: wrongly used. */
EXPORT int thrd_sleep(const struct timespec *time, struct timespec *left)
{
	struct call call = call_begin_idle(FRAME, false);
	struct timespec rest;
	int r = real.thrd_sleep(time, &rest);

	while (again(&call, r == -1))
		r = real.thrd_sleep(&rest, &rest);
	if (r == -1 && left)
		*left = rest;
	return r;
}

EXPORT int usleep(useconds_t us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000l};

	return nanosleep(&t, NULL);
}

EXPORT unsigned sleep(unsigned seconds)
{
	struct timespec t = {seconds, 0};
	int saved = errno;

	if (!nanosleep(&t, &t)) {
		errno = saved;
		return 0;
	}
	return t.tv_sec + (t.tv_nsec >= 500000000);
}
