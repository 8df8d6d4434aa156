/*
 * See calls.h. A hook of each such call: begin, call, and again while the
 * call was interrupted by us alone. Entering one counts as entering a hook:
 * a scan that is due is made first.
 *
 * Any thread. No lock, no allocation.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include "calls.h"
#include "export.h"
#include "guard.h"
#include "init.h"
#include "real.h"
#include "request.h"
#include "sys.h"
#include "trigger.h"

/* A call under way, and when it is to end. */
struct call {
	struct thread *self;
	uint32_t before; /* interruptions so far */
	int saved;	 /* errno, as the program had it */
	bool timed;
	struct timespec end;
};

void calls_note(const void *ucontext)
{
#if defined(__x86_64__)
	const ucontext_t *uc = ucontext;
	const uint8_t *next = (const uint8_t *)uc->uc_mcontext.gregs[REG_RIP];
	uint64_t pending = 0, blocked = *(const uint64_t *)&uc->uc_sigmask;

	if (!guard_self || uc->uc_mcontext.gregs[REG_RAX] != -EINTR ||
	    next[-2] != 0x0f || next[-1] != 0x05 /* syscall */)
		return;
	sys(SYS_rt_sigpending, &pending, 8);
	if (!(pending & ~blocked))
		guard_self->interruptions++;
#else
	(void)ucontext;
#endif
}

static struct timespec now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t;
}

static struct timespec sum(struct timespec a, struct timespec b)
{
	a.tv_sec += b.tv_sec;
	a.tv_nsec += b.tv_nsec;
	if (a.tv_nsec >= 1000000000) {
		a.tv_nsec -= 1000000000;
		a.tv_sec++;
	}
	return a;
}

/* Never negative. */
static struct timespec left_until(struct timespec end)
{
	struct timespec t = now(CLOCK_MONOTONIC);

	end.tv_sec -= t.tv_sec;
	end.tv_nsec -= t.tv_nsec;
	if (end.tv_nsec < 0) {
		end.tv_nsec += 1000000000;
		end.tv_sec--;
	}
	if (end.tv_sec < 0)
		end.tv_sec = end.tv_nsec = 0;
	return end;
}

static void arm(struct call *call)
{
	call->self = guard_self;
	call->before = call->self ? call->self->interruptions : 0;
}

/* timeout NULL: none. The program's scan is made here if it is due. */
static struct call begin(const struct timespec *timeout)
{
	struct call call = {.timed = timeout != NULL, .saved = errno};
	struct thread *self = guard_enter(FRAME);

	if (self)
		guard_leave(self, NULL);
	if (timeout)
		call.end = sum(now(CLOCK_MONOTONIC), *timeout);
	arm(&call);
	return call;
}

static struct timespec from_ms(int ms)
{
	return (struct timespec){ms / 1000, ms % 1000 * 1000000l};
}

static struct call begin_ms(int ms)
{
	struct timespec t = from_ms(ms);

	return begin(ms > 0 ? &t : NULL);
}

static bool ours_alone(struct call *call, int result)
{
	struct thread *self = guard_self;

	if (result != -1 || errno != EINTR || !self ||
	    self->interruptions == call->before)
		return false;
	arm(call);
	errno = call->saved;
	return true;
}

/* Rounded up: a call may not end early. */
static int left_ms(const struct call *call, int given)
{
	struct timespec t;

	if (!call->timed)
		return given;
	t = left_until(call->end);
	return t.tv_sec * 1000 + (t.tv_nsec + 999999) / 1000000;
}

EXPORT int pause(void)
{
	struct call call = begin(NULL);
	int r;

	do
		r = real.pause();
	while (ours_alone(&call, r));
	return r;
}

EXPORT int sigsuspend(const sigset_t *mask)
{
	struct call call = begin(NULL);
	sigset_t copy = *mask;
	int r;

	sigdelset(&copy, GORDIAN_SIGNAL);
	do
		r = real.sigsuspend(&copy);
	while (ours_alone(&call, r));
	return r;
}

/* A signal that is waited for and comes meanwhile stays pending. */
EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *info,
			const struct timespec *timeout)
{
	struct call call = begin(timeout);
	sigset_t copy = *set;
	struct timespec left;
	int r;

	sigdelset(&copy, GORDIAN_SIGNAL);
	do {
		r = real.sigtimedwait(&copy, info, timeout);
		left = left_until(call.end);
		timeout = timeout ? &left : NULL;
	} while (ours_alone(&call, r));
	return r;
}

EXPORT int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return sigtimedwait(set, info, NULL);
}

EXPORT int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	struct call call = begin_ms(timeout);
	int r;

	do {
		r = real.poll(fds, n, timeout);
		timeout = left_ms(&call, timeout);
	} while (ours_alone(&call, r));
	return r;
}

EXPORT int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		 const sigset_t *mask)
{
	struct call call = begin(timeout);
	struct timespec left;
	int r;

	do {
		r = real.ppoll(fds, n, timeout, mask);
		left = left_until(call.end);
		timeout = timeout ? &left : NULL;
	} while (ours_alone(&call, r));
	return r;
}

EXPORT int epoll_wait(int fd, struct epoll_event *events, int n, int timeout)
{
	struct call call = begin_ms(timeout);
	int r;

	do {
		r = real.epoll_wait(fd, events, n, timeout);
		timeout = left_ms(&call, timeout);
	} while (ours_alone(&call, r));
	return r;
}

EXPORT int epoll_pwait(int fd, struct epoll_event *events, int n, int timeout,
		       const sigset_t *mask)
{
	struct call call = begin_ms(timeout);
	int r;

	do {
		r = real.epoll_pwait(fd, events, n, timeout, mask);
		timeout = left_ms(&call, timeout);
	} while (ours_alone(&call, r));
	return r;
}

/* The sets are as they were when a call fails. Linux leaves the time that was
 * not slept in *timeout: so do we. */
EXPORT int select(int n, fd_set *in, fd_set *out, fd_set *except,
		  struct timeval *timeout)
{
	struct timespec t = {0, 0};
	struct call call;
	int r;

	if (timeout)
		t = (struct timespec){timeout->tv_sec, timeout->tv_usec * 1000};
	call = begin(timeout && t.tv_sec >= 0 ? &t : NULL);
	do
		r = real.select(n, in, out, except, timeout);
	while (ours_alone(&call, r));
	return r;
}

EXPORT int pselect(int n, fd_set *in, fd_set *out, fd_set *except,
		   const struct timespec *timeout, const sigset_t *mask)
{
	struct call call = begin(timeout);
	struct timespec left;
	int r;

	do {
		r = real.pselect(n, in, out, except, timeout, mask);
		left = left_until(call.end);
		timeout = timeout ? &left : NULL;
	} while (ours_alone(&call, r));
	return r;
}

EXPORT int nanosleep(const struct timespec *time, struct timespec *left)
{
	struct call call = begin(NULL);
	struct timespec rest = *time;
	int r;

	do
		r = real.nanosleep(&rest, &rest);
	while (ours_alone(&call, r));
	if (r && left)
		*left = rest;
	return r;
}

EXPORT int clock_nanosleep(clockid_t clock, int flags,
			   const struct timespec *time, struct timespec *left)
{
	struct call call = begin(NULL);
	struct timespec rest = *time;
	int saved = errno, err;

	do {
		err = real.clock_nanosleep(clock, flags, &rest, &rest);
		errno = err == EINTR ? EINTR : errno;
	} while (err == EINTR && ours_alone(&call, -1));
	errno = saved;
	if (err == EINTR && left && !(flags & TIMER_ABSTIME))
		*left = rest;
	return err;
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
