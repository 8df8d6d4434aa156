/* Calls that wait for sockets. */
#ifndef STORM_SOCKETS_H
#define STORM_SOCKETS_H

#include "storm-calls.h"

/* Sockets, with a timeout of their own where ms is not 0. */
static int pair(long ms, int *other)
{
	struct timeval t = val(ms);
	int fd[2];

	ok(socketpair(AF_UNIX, SOCK_STREAM, 0, fd));
	setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
	*other = fd[1];
	return fd[0];
}

static int empty(long ms)
{
	int other;

	return pair(ms, &other);
}

static int full(long ms)
{
	int other, fd = pair(ms, &other);

	while (send(fd, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
		;
	while (send(fd, buffer, 1, MSG_DONTWAIT) > 0)
		;
	errno = 0;
	return fd;
}

static int listener(int family, long ms, struct sockaddr *name,
		    socklen_t length)
{
	struct timeval t = val(ms);
	int fd = ok(socket(family, SOCK_STREAM, 0));

	ok(bind(fd, name, length));
	ok(listen(fd, 0));
	ok(getsockname(fd, name, &length));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	return fd;
}

static long do_accept(long ms)
{
	struct sockaddr_un name = {AF_UNIX, ""};

	return accept(listener(AF_UNIX, ms, (struct sockaddr *)&name, 2), NULL,
		      NULL);
}

static long do_accept4(long ms)
{
	struct sockaddr_in name = {.sin_family = AF_INET};

	return accept4(
		listener(AF_INET, ms, (struct sockaddr *)&name, sizeof(name)),
		NULL, NULL, SOCK_CLOEXEC);
}

/* To where nobody accepts and the queue is full. */
static long connect_to(int family, long ms, struct sockaddr *name,
		       socklen_t length)
{
	struct timeval t = val(ms);
	int i, fd;

	listener(family, 0, name, length);
	for (i = 0; i < 4; i++) {
		fd = ok(socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0));
		(void)!connect(fd, name, length);
	}
	fd = ok(socket(family, SOCK_STREAM, 0));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
	errno = 0;
	return connect(fd, name, length);
}

static long do_connect(long ms)
{
	struct sockaddr_in name = {.sin_family = AF_INET};

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connect_to(AF_INET, ms, (struct sockaddr *)&name, sizeof(name));
}

static long do_connect_unix(long ms)
{
	static atomic_int serial;
	struct sockaddr_un name = {AF_UNIX, ""};
	char s[16];

	sprintf(s, "s%d", serial++);
	path(s, name.sun_path);
	return connect_to(AF_UNIX, ms, (struct sockaddr *)&name, sizeof(name));
}

static long do_recv(long ms)
{
	return recv(empty(ms), buffer, 8, 0);
}

static long do_recv_chk(long ms)
{
	return __recv_chk(empty(ms), buffer, 8, 8, 0);
}

static long do_recvfrom(long ms)
{
	return recvfrom(empty(ms), buffer, 8, 0, NULL, NULL);
}

static long do_recvfrom_chk(long ms)
{
	return __recvfrom_chk(empty(ms), buffer, 8, 8, 0, NULL, NULL);
}

static long do_recvmsg(long ms)
{
	struct msghdr msg = {.msg_iov = &vector, .msg_iovlen = 1};

	return recvmsg(empty(ms), &msg, 0);
}

static long do_recvmmsg(long ms)
{
	struct mmsghdr msg = {{.msg_iov = &vector, .msg_iovlen = 1}, 0};

	return recvmmsg(empty(ms), &msg, 1, 0, NULL);
}

static long do_read(long ms)
{
	return read(empty(ms), buffer, 8);
}

static long do_readv(long ms)
{
	return readv(empty(ms), &vector, 1);
}

static long do_read_chk(long ms)
{
	return __read_chk(empty(ms), buffer, 8, 8);
}

static long do_send(long ms)
{
	return send(full(ms), buffer, 8, 0);
}

static long do_sendto(long ms)
{
	return sendto(full(ms), buffer, 8, 0, NULL, 0);
}

static long do_sendmsg(long ms)
{
	struct msghdr msg = {.msg_iov = &vector, .msg_iovlen = 1};

	return sendmsg(full(ms), &msg, 0);
}

static long do_sendmmsg(long ms)
{
	struct mmsghdr msg = {{.msg_iov = &vector, .msg_iovlen = 1}, 0};

	return sendmmsg(full(ms), &msg, 1, 0);
}

static long do_write(long ms)
{
	return write(full(ms), buffer, 8);
}

static long do_writev(long ms)
{
	return writev(full(ms), &vector, 1);
}

#endif
