/*
 * Transfers that our signal cut short, and calls on sockets with a timeout of
 * their own that it made fail: they go on with what is left of the bytes and
 * of the time. A transfer that is short for a reason of its own stays short.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <stdbool.h>
#include <sys/socket.h>
#include "calls/calls.h"

/* The program has given some socket a timeout: calls look at the clock. Where
 * another program has, one that we interrupt may last up to twice as long. */
extern bool transfer_timed;

/* After call_was_cut(): r is what came of the call so far, 0 when it is yet to
 * be made, the answer what comes of it at last. given is as the program gave
 * it; what a receiver is told besides stands in got. flags are those of send
 * and recv, 0 for read and write. */
ssize_t transfer_receive(struct call *call, ssize_t r, int fd,
			 const struct msghdr *given, struct msghdr *got,
			 int flags);
ssize_t transfer_send(struct call *call, ssize_t r, int fd,
		      const struct msghdr *given, int flags);
ssize_t transfer_in(struct call *call, ssize_t r, int fd, void *buffer,
		    size_t size, int flags);
ssize_t transfer_out(struct call *call, ssize_t r, int fd, const void *buffer,
		     size_t size, int flags);
ssize_t transfer_in_vector(struct call *call, ssize_t r, int fd,
			   const struct iovec *v, int n);
ssize_t transfer_out_vector(struct call *call, ssize_t r, int fd,
			    const struct iovec *v, int n);

size_t transfer_size(const struct msghdr *msg);

/* Before a call on a socket is made again: false, with errno, when the
 * socket's time is over (EAGAIN) or the program is interrupted (EINTR). */
bool transfer_wait(struct call *call, int fd, bool out);
/* The same for a call that failed with EINTR, which may be the program's. */
bool transfer_wait_again(struct call *call, int fd, bool out);
/* Calls wait; what is more, until all is sent: a stream. */
bool transfer_waits(int fd, int flags);
bool transfer_is_whole(int fd, int flags);

#endif
