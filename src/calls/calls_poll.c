/*
 * Hooks of calls that wait for descriptors: see calls.h.
 */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include "base/export.h"
#include "calls/calls.h"
#include "process/guard.h"
#include "process/real.h"
#include "process/signals.h"

void __chk_fail(void) __attribute__((noreturn));

EXPORT int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	struct call call = call_begin_idle(FRAME, timeout > 0);
	int r = real.poll(fds, n, timeout);

	while (call_again(&call, r))
		r = real.poll(fds, n, call_left_ms(&call, timeout));
	return r;
}

EXPORT int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		 const sigset_t *mask)
{
	struct call call = call_begin_idle(FRAME, timeout != NULL);
	struct timespec left;
	sigset_t room;
	int r;

	mask = signals_without_ours(mask, &room);
	r = real.ppoll(fds, n, timeout, mask);
	while (call_again(&call, r))
		r = real.ppoll(fds, n, call_left_of(&call, timeout, &left),
			       mask);
	return r;
}

/* The fortified forms (_FORTIFY_SOURCE): size is that of the array. */
EXPORT int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t size)
{
	if (size / sizeof *fds < n)
		__chk_fail();
	return poll(fds, n, timeout);
}

EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t n,
		       const struct timespec *timeout, const sigset_t *mask,
		       size_t size)
{
	if (size / sizeof *fds < n)
		__chk_fail();
	return ppoll(fds, n, timeout, mask);
}

EXPORT int epoll_wait(int fd, struct epoll_event *events, int n, int timeout)
{
	struct call call = call_begin_idle(FRAME, timeout > 0);
	int r = real.epoll_wait(fd, events, n, timeout);

	while (call_again(&call, r))
		r = real.epoll_wait(fd, events, n,
				    call_left_ms(&call, timeout));
	return r;
}

EXPORT int epoll_pwait(int fd, struct epoll_event *events, int n, int timeout,
		       const sigset_t *mask)
{
	struct call call = call_begin_idle(FRAME, timeout > 0);
	sigset_t room;
	int r;

	mask = signals_without_ours(mask, &room);
	r = real.epoll_pwait(fd, events, n, timeout, mask);
	while (call_again(&call, r))
		r = real.epoll_pwait(fd, events, n,
				     call_left_ms(&call, timeout), mask);
	return r;
}

EXPORT int epoll_pwait2(int fd, struct epoll_event *events, int n,
			const struct timespec *timeout, const sigset_t *mask)
{
	struct call call = call_begin_idle(FRAME, timeout != NULL);
	struct timespec left;
	sigset_t room;
	int r;

	mask = signals_without_ours(mask, &room);
	r = real.epoll_pwait2(fd, events, n, timeout, mask);
	while (call_again(&call, r))
		r = real.epoll_pwait2(fd, events, n,
				      call_left_of(&call, timeout, &left),
				      mask);
	return r;
}

/* A call that fails leaves the sets as they were. Linux leaves in *timeout the
 * time that was not waited. */
EXPORT int select(int n, fd_set *in, fd_set *out, fd_set *except,
		  struct timeval *timeout)
{
	struct call call = call_begin_idle(FRAME, timeout != NULL);
	uint64_t given = 0, left;
	int r;

	if (timeout)
		given = timeout->tv_sec * 1000000000ull +
			timeout->tv_usec * 1000ull;
	r = real.select(n, in, out, except, timeout);
	while (call_again(&call, r)) {
		if (timeout) {
			left = call_left(&call, given) + 999;
			timeout->tv_sec = left / 1000000000;
			timeout->tv_usec = left % 1000000000 / 1000;
		}
		r = real.select(n, in, out, except, timeout);
	}
	return r;
}

EXPORT int pselect(int n, fd_set *in, fd_set *out, fd_set *except,
		   const struct timespec *timeout, const sigset_t *mask)
{
	struct call call = call_begin_idle(FRAME, timeout != NULL);
	struct timespec left;
	sigset_t room;
	int r;

	mask = signals_without_ours(mask, &room);
	r = real.pselect(n, in, out, except, timeout, mask);
	while (call_again(&call, r))
		r = real.pselect(n, in, out, except,
				 call_left_of(&call, timeout, &left), mask);
	return r;
}
