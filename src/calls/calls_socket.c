/*
 * Hooks of calls on sockets: see calls.h and transfer.h. Signals end calls on a
 * socket with a timeout of its own, and cut calls short that transfer a whole.
 */
#include <sys/socket.h>
#include "base/export.h"
#include "base/sys.h"
#include "calls/calls.h"
#include "calls/transfer.h"
#include "process/library.h"
#include "process/real.h"

#define MOST 1024 /* messages that one call takes (Linux, UIO_MAXIOV) */

void __chk_fail(void) __attribute__((noreturn));

EXPORT int setsockopt(int fd, int level, int option, const void *value,
		      socklen_t size)
{
	if (level == SOL_SOCKET &&
	    (option == SO_RCVTIMEO || option == SO_SNDTIMEO))
		transfer_timed = true;
	if (!real.setsockopt)
		library_begin();
	return real.setsockopt(fd, level, option, value, size);
}

EXPORT int accept(int fd, struct sockaddr *from, socklen_t *length)
{
	struct call call = call_begin(transfer_timed);
	int r = real.accept(fd, from, length);

	while (call_again(&call, r) && transfer_wait_again(&call, fd, false))
		r = real.accept(fd, from, length);
	return r;
}

EXPORT int accept4(int fd, struct sockaddr *from, socklen_t *length, int flags)
{
	struct call call = call_begin(transfer_timed);
	int r = real.accept4(fd, from, length, flags);

	while (call_again(&call, r) && transfer_wait_again(&call, fd, false))
		r = real.accept4(fd, from, length, flags);
	return r;
}

static bool is_local(const struct sockaddr *to)
{
	return to->sa_family == AF_UNIX;
}

/* Once the connection under way is made or has failed, asking for it again
 * gives its result. */
EXPORT int connect(int fd, const struct sockaddr *to, socklen_t length)
{
	struct call call = call_begin(transfer_timed);
	int r = real.connect(fd, to, length);

	while (call_again(&call, r)) {
		if (!transfer_wait_again(&call, fd, true)) {
			if (errno == EAGAIN && !is_local(to))
				errno = EINPROGRESS;
			break;
		}
		r = real.connect(fd, to, length);
	}
	return r;
}

EXPORT ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.recv(fd, buffer, size, flags);

	return call_was_cut(&call, r)
		       ? transfer_in(&call, r, fd, buffer, size, flags)
		       : r;
}

/* Asks for the sender, too, while nothing has come yet. */
static ssize_t receive_from(struct call *call, ssize_t r, int fd,
			    struct iovec v, int flags, struct sockaddr *from,
			    socklen_t *length)
{
	struct msghdr msg = {.msg_iov = &v, .msg_iovlen = 1}, got;
	bool wanted =
		r < 0 && from && length; /* otherwise it was told before */

	if (wanted) {
		msg.msg_name = from;
		msg.msg_namelen = *length;
	}
	got = msg;
	r = transfer_receive(call, r, fd, &msg, &got, flags);
	if (r >= 0 && wanted)
		*length = got.msg_namelen;
	return r;
}

EXPORT ssize_t recvfrom(int fd, void *buffer, size_t size, int flags,
			struct sockaddr *from, socklen_t *length)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.recvfrom(fd, buffer, size, flags, from, length);

	return call_was_cut(&call, r)
		       ? receive_from(&call, r, fd,
				      (struct iovec){buffer, size}, flags, from,
				      length)
		       : r;
}

/* The fortified forms (_FORTIFY_SOURCE): room is that of the buffer. */
EXPORT ssize_t __recv_chk(int fd, void *buffer, size_t size, size_t room,
			  int flags)
{
	if (size > room)
		__chk_fail();
	return recv(fd, buffer, size, flags);
}

EXPORT ssize_t __recvfrom_chk(int fd, void *buffer, size_t size, size_t room,
			      int flags, struct sockaddr *from,
			      socklen_t *length)
{
	if (size > room)
		__chk_fail();
	return recvfrom(fd, buffer, size, flags, from, length);
}

static ssize_t receive_message(struct call *call, ssize_t r, int fd,
			       const struct msghdr *given, struct msghdr *msg,
			       int flags)
{
	struct msghdr got = *msg;
	bool first = r < 0;

	r = transfer_receive(call, r, fd, given, &got, flags);
	if (first)
		msg->msg_namelen = got.msg_namelen;
	msg->msg_controllen = got.msg_controllen;
	msg->msg_flags = got.msg_flags;
	return r;
}

/* When a whole is waited for, the message is remembered: the kernel overwrites
 * the room for control data with the length of what came. */
EXPORT ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct call call = call_begin(transfer_timed);
	struct msghdr given;
	ssize_t r;

	if (flags & MSG_WAITALL)
		given = *msg;
	r = real.recvmsg(fd, msg, flags);
	if (!call_was_cut(&call, r))
		return r;
	if (!(flags & MSG_WAITALL))
		given = *msg;
	return receive_message(&call, r, fd, &given, msg, flags);
}

/* When a call that has received something is interrupted, the kernel keeps the
 * error for the next call. */
static void forget_error(int fd)
{
	int error;
	socklen_t size = sizeof error;

	sys(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, &error, &size);
}

/* r messages have come. The kernel has put into *timeout what is left of it. */
static int receive_more(struct call *call, int r, int fd, struct mmsghdr *list,
			int n, int flags, struct timespec *timeout)
{
	int done = r;

	if (flags & MSG_WAITFORONE || !transfer_waits(fd, flags))
		return r;
	while (done < n && call_was_cut(call, r)) {
		call_arm(call);
		if (timeout && !timeout->tv_sec && !timeout->tv_nsec)
			break;
		if (r > 0)
			forget_error(fd);
		r = real.recvmmsg(fd, list + done, n - done, flags, timeout);
		done += r > 0 ? r : 0;
	}
	errno = call->saved;
	return done;
}

EXPORT int recvmmsg(int fd, struct mmsghdr *list, unsigned n, int flags,
		    struct timespec *timeout)
{
	struct call call = call_begin(transfer_timed);
	int r = real.recvmmsg(fd, list, n, flags, timeout);
	struct timespec left;

	while (call_again(&call, r) && transfer_wait(&call, fd, false)) {
		call_left_of(&call, timeout, &left);
		r = real.recvmmsg(fd, list, n, flags, timeout ? &left : NULL);
		if (r > 0 && timeout)
			*timeout = left;
	}
	if (r <= 0 || !call_was_cut(&call, r))
		return r;
	return receive_more(&call, r, fd, list, n < MOST ? n : MOST, flags,
			    timeout);
}

EXPORT ssize_t send(int fd, const void *buffer, size_t size, int flags)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.send(fd, buffer, size, flags);

	return call_was_cut(&call, r)
		       ? transfer_out(&call, r, fd, buffer, size, flags)
		       : r;
}

static ssize_t send_to(struct call *call, ssize_t r, int fd, struct iovec v,
		       int flags, const struct sockaddr *to, socklen_t length)
{
	struct msghdr msg = {.msg_iov = &v, .msg_iovlen = 1};

	msg.msg_name = (struct sockaddr *)to;
	msg.msg_namelen = length;
	return transfer_send(call, r, fd, &msg, flags);
}

EXPORT ssize_t sendto(int fd, const void *buffer, size_t size, int flags,
		      const struct sockaddr *to, socklen_t length)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.sendto(fd, buffer, size, flags, to, length);

	return call_was_cut(&call, r)
		       ? send_to(&call, r, fd,
				 (struct iovec){(void *)buffer, size}, flags,
				 to, length)
		       : r;
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.sendmsg(fd, msg, flags);

	return call_was_cut(&call, r) ? transfer_send(&call, r, fd, msg, flags)
				      : r;
}

static bool is_sent(const struct mmsghdr *message)
{
	return message->msg_len == transfer_size(&message->msg_hdr);
}

/* r messages have gone, the last perhaps in part. The rest goes one by one. */
static int send_more(struct call *call, int r, int fd, struct mmsghdr *list,
		     int n, int flags)
{
	struct mmsghdr *last = r > 0 ? &list[r - 1] : NULL;
	int done = r > 0 ? r : 0;
	ssize_t sent;

	if (last && !transfer_waits(fd, flags))
		return r;
	if (last && last->msg_len && !is_sent(last))
		last->msg_len = transfer_send(call, last->msg_len, fd,
					      &last->msg_hdr, flags);
	while (done < n && (!last || is_sent(last))) {
		last = &list[done];
		sent = transfer_send(call, done ? 0 : -1, fd, &last->msg_hdr,
				     flags);
		if (sent < 0)
			break;
		last->msg_len = sent;
		done++;
	}
	if (!done)
		return -1;
	errno = call->saved;
	return done;
}

EXPORT int sendmmsg(int fd, struct mmsghdr *list, unsigned n, int flags)
{
	struct call call = call_begin(transfer_timed);
	int r = real.sendmmsg(fd, list, n, flags);

	return call_was_cut(&call, r) ? send_more(&call, r, fd, list,
						  n < MOST ? n : MOST, flags)
				      : r;
}
