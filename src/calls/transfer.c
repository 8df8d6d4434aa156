/*
 * See transfer.h. What is left of a transfer is tried without waiting, then
 * waited for by poll(). A socket with a timeout of its own must be waited for
 * no longer than what is left of that. And a signal of the program's interrupts
 * poll(), whatever the flags of its handler, as it would have cut the transfer
 * short.
 *
 * Reached only after our signal has cut a call. Any thread; no lock.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <termios.h>
#include "base/sys.h"
#include "calls/calls.h"
#include "calls/transfer.h"
#include "process/nudge.h"
#include "process/real.h"

/* poll() calls a socket writable when much room is free. Its peer may wait for
 * less, so the transfer is tried again that often. */
#define SLICE_NS 100000000

#define MEMORY_DEVICES 1
#define DEVICE_ZERO 5
#define DEVICE_RANDOM 8
#define DEVICE_URANDOM 9

bool transfer_timed;

struct transfer {
	struct call *call;
	int fd, flags;
	bool out;
	bool polled;	  /* poll() tells when it can go on */
	bool ready;	  /* poll() has told so */
	bool restarts;	  /* the kernel makes the call again */
	int type;	  /* of the socket; 0: no socket */
	uint64_t timeout; /* the socket's own, ns; 0: none */
	size_t whole;	  /* the call waits for so much; 0: for anything */
	size_t done;
	ssize_t last; /* result of the last try */
};

static int socket_option(int fd, int option)
{
	int value = 0;
	socklen_t size = sizeof value;

	sys(SYS_getsockopt, fd, SOL_SOCKET, option, &value, &size);
	return value;
}

static uint64_t socket_timeout(int fd, bool out)
{
	struct timeval t = {0, 0};
	socklen_t size = sizeof t;

	sys(SYS_getsockopt, fd, SOL_SOCKET, out ? SO_SNDTIMEO : SO_RCVTIMEO, &t,
	    &size);
	return t.tv_sec * 1000000000ull + t.tv_usec * 1000ull;
}

bool transfer_waits(int fd, int flags)
{
	return !(flags & MSG_DONTWAIT) &&
	       !(sys(SYS_fcntl, fd, F_GETFL) & O_NONBLOCK);
}

bool transfer_is_whole(int fd, int flags)
{
	return socket_option(fd, SO_TYPE) == SOCK_STREAM &&
	       transfer_waits(fd, flags) && !(flags & MSG_ZEROCOPY);
}

size_t transfer_size(const struct msghdr *msg)
{
	size_t i, size = 0;

	for (i = 0; i < msg->msg_iovlen; i++)
		size += msg->msg_iov[i].iov_len;
	return size;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many bytes a read waits for: as many as a terminal in raw mode is told;
 * all from devices that never run dry; any number from a pipe and all else. */
static size_t read_whole(int fd, size_t size)
{
	struct stat st;
	struct termios tio;

	if (fstat(fd, &st) || !S_ISCHR(st.st_mode))
		return 0;
	if (!tcgetattr(fd, &tio))
		return tio.c_lflag & ICANON || tio.c_cc[VTIME]
			       ? 0
			       : least(tio.c_cc[VMIN], size);
	if (major(st.st_rdev) != MEMORY_DEVICES)
		return 0;
	switch (minor(st.st_rdev)) {
	case DEVICE_ZERO:
	case DEVICE_RANDOM:
	case DEVICE_URANDOM:
		return size;
	}
	return 0;
}

static size_t receive_whole(const struct transfer *t, size_t size)
{
	if (t->type != SOCK_STREAM || t->flags & MSG_PEEK)
		return 0;
	if (t->flags & MSG_WAITALL)
		return size;
	return least(socket_option(t->fd, SO_RCVLOWAT), size);
}

static size_t write_whole(int fd, size_t size)
{
	struct stat st;

	if (fstat(fd, &st))
		return 0;
	return S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) && isatty(fd))
		       ? size
		       : 0;
}

/* Whether the kernel makes the call again after our signal. If such a call
 * fails with EINTR all the same, a signal of the program's has ended it, and
 * ours came just afterwards. */
static bool restarts(int fd, int type, uint64_t timeout)
{
	struct stat st;

	if (type)
		return !timeout;
	return !fstat(fd, &st) && S_ISFIFO(st.st_mode);
}

static struct transfer begin(struct call *call, ssize_t r, int fd,
			     const struct msghdr *given, int flags, bool out)
{
	struct transfer t = {call, fd, flags, out, .done = r > 0 ? r : 0};
	size_t size = transfer_size(given);
	bool whole = transfer_waits(fd, flags);

	t.type = socket_option(fd, SO_TYPE);
	if (t.type) {
		t.timeout = socket_timeout(fd, out);
		t.polled = (t.done || t.timeout) &&
			   (!out || t.type == SOCK_STREAM);
		if (out)
			whole = transfer_is_whole(fd, flags);
		t.whole = !whole ? 0 : out ? size : receive_whole(&t, size);
	} else if (whole) {
		t.whole = out ? write_whole(fd, size) : read_whole(fd, size);
		t.polled = out && t.whole;
	}
	t.restarts = restarts(fd, t.type, t.timeout);
	return t;
}

/* False, with errno, when the transfer is over. When something was transferred,
 * an error is left to the next call. */
static bool wait_ready(struct transfer *t)
{
	struct pollfd p = {t->fd, t->out ? POLLOUT : POLLIN, 0};
	uint64_t left = t->timeout ? call_left(t->call, t->timeout) : SLICE_NS;
	struct timespec slice = call_timespec(least(left, SLICE_NS));
	struct call call = {.self = t->call->self, .saved = errno};
	int r;

	call_arm(&call);
	if (!left ||
	    !nudge_moves(call.self, (uintptr_t)t->call, (uintptr_t)&call)) {
		errno = left ? EINTR : EAGAIN;
		return false;
	}
	if (t->ready) /* it was not ready after all: wait for the slice */
		p.events = 0;
	r = real.ppoll(&p, 1, &slice, NULL);
	t->ready = r == 1;
	if (call_again(&call, r)) /* with the time that is left by now */
		return true;
	return r >= 0 && !(t->done && p.revents & POLLERR);
}

/* The part of a message that is left: one piece of it, when some of it is
 * done. */
static struct msghdr rest_of(const struct transfer *t,
			     const struct msghdr *given, struct iovec *piece)
{
	struct msghdr rest = *given;
	const struct iovec *v = given->msg_iov;
	size_t skip = t->done;

	if (!skip)
		return rest;
	for (; skip >= v->iov_len; v++)
		skip -= v->iov_len;
	piece->iov_base = (char *)v->iov_base + skip;
	piece->iov_len = least(v->iov_len - skip, t->whole - t->done);
	rest.msg_iov = piece;
	rest.msg_iovlen = 1;
	rest.msg_name = NULL;
	rest.msg_namelen = 0;
	if (t->out) { /* the first part took it */
		rest.msg_control = NULL;
		rest.msg_controllen = 0;
	}
	return rest;
}

/* Tries without waiting on a socket, for which poll() waits. A pipe cannot be
 * asked so. */
static ssize_t try(const struct transfer *t, struct msghdr *msg)
{
	int flags = t->flags | (t->polled ? MSG_DONTWAIT : 0);

	call_arm(t->call);
	if (t->type)
		return t->out ? real.sendmsg(t->fd, msg, flags)
			      : real.recvmsg(t->fd, msg, flags);
	if (t->polled && !t->ready) {
		errno = EAGAIN;
		return -1;
	}
	return t->out ? real.writev(t->fd, msg->msg_iov, msg->msg_iovlen)
		      : real.readv(t->fd, msg->msg_iov, msg->msg_iovlen);
}

/* Whether there is more to do. Control data marks the end of a message. */
static bool step(struct transfer *t, const struct msghdr *given,
		 struct msghdr *got)
{
	struct iovec piece;
	struct msghdr rest = rest_of(t, given, &piece);

	t->last = try(t, &rest);
	if (t->last >= 0)
		*got = rest;
	if (t->last > 0) {
		t->ready = false;
		t->done += t->last;
		return t->done < t->whole && (t->out || !got->msg_controllen);
	}
	if (t->last == -1 && errno == EAGAIN && t->polled)
		return wait_ready(t);
	return !t->restarts && call_again(t->call, t->last);
}

static ssize_t go_on(struct transfer *t, const struct msghdr *given,
		     struct msghdr *got)
{
	while (step(t, given, got))
		;
	if (!t->done)
		return t->last;
	errno = t->call->saved;
	return t->done;
}

static ssize_t interrupted(void)
{
	errno = EINTR;
	return -1;
}

/* The transfer was whole: restores errno, which asking has changed. */
static ssize_t as_it_was(const struct call *call, ssize_t r)
{
	errno = call->saved;
	return r;
}

ssize_t transfer_send(struct call *call, ssize_t r, int fd,
		      const struct msghdr *given, int flags)
{
	struct transfer t = begin(call, r, fd, given, flags, true);
	struct msghdr rest;

	if (r < 0 && t.restarts)
		return interrupted();
	if (r > 0 && t.done >= t.whole)
		return as_it_was(call, r);
	return go_on(&t, given, &rest);
}

ssize_t transfer_receive(struct call *call, ssize_t r, int fd,
			 const struct msghdr *given, struct msghdr *got,
			 int flags)
{
	struct transfer t = begin(call, r, fd, given, flags, false);

	if (r < 0 && t.restarts)
		return interrupted();
	if (r > 0 && (t.done >= t.whole || got->msg_controllen))
		return as_it_was(call, r);
	return go_on(&t, given, got);
}

ssize_t transfer_in(struct call *call, ssize_t r, int fd, void *buffer,
		    size_t size, int flags)
{
	struct iovec v = {buffer, size};
	struct msghdr msg = {.msg_iov = &v, .msg_iovlen = 1}, got = msg;

	return transfer_receive(call, r, fd, &msg, &got, flags);
}

ssize_t transfer_out(struct call *call, ssize_t r, int fd, const void *buffer,
		     size_t size, int flags)
{
	struct iovec v = {(void *)buffer, size};
	struct msghdr msg = {.msg_iov = &v, .msg_iovlen = 1};

	return transfer_send(call, r, fd, &msg, flags);
}

ssize_t transfer_in_vector(struct call *call, ssize_t r, int fd,
			   const struct iovec *v, int n)
{
	struct msghdr msg = {.msg_iov = (struct iovec *)v, .msg_iovlen = n};
	struct msghdr got = msg;

	return transfer_receive(call, r, fd, &msg, &got, 0);
}

ssize_t transfer_out_vector(struct call *call, ssize_t r, int fd,
			    const struct iovec *v, int n)
{
	struct msghdr msg = {.msg_iov = (struct iovec *)v, .msg_iovlen = n};

	return transfer_send(call, r, fd, &msg, 0);
}

bool transfer_wait(struct call *call, int fd, bool out)
{
	struct transfer t = {call, fd, .out = out};

	t.timeout = socket_timeout(fd, out);
	while (t.timeout && !t.ready && wait_ready(&t))
		;
	return !t.timeout || t.ready;
}

bool transfer_wait_again(struct call *call, int fd, bool out)
{
	int type = socket_option(fd, SO_TYPE);

	if (restarts(fd, type, socket_timeout(fd, out)))
		return !interrupted();
	return transfer_wait(call, fd, out);
}
