/*
 * Transfers that our signal cut short, and calls on sockets with a timeout of
 * their own that it made fail. They go on with what is left of the bytes and of
 * the time. A transfer that is short for a reason of its own stays short.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <stdbool.h>
#include <sys/socket.h>
#include "calls/calls.h"

/* The program has given some socket a timeout, so calls look at the clock. A
 * call on a socket that another program gave a timeout may last up to twice as
 * long when we interrupt it. */
extern bool transfer_timed;

/* After call_was_cut(). r is the result of the call so far, 0 when it is yet to
 * be made. Returns its final result. given is what the program gave; got has
 * what a receiver is told besides. flags are those of send and recv, 0 for read
 * and write. */
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

/* Before a call on a socket is made again. False, with errno, when the socket's
 * time is over (EAGAIN) or the program is interrupted (EINTR). */
bool transfer_wait(struct call *call, int fd, bool out);
/* The same for a call that failed with EINTR, perhaps for a signal of the
 * program's. */
bool transfer_wait_again(struct call *call, int fd, bool out);
/* transfer_waits(): whether calls wait. transfer_is_whole(): whether they wait
 * until all is sent, as on a stream. */
bool transfer_waits(int fd, int flags);
bool transfer_is_whole(int fd, int flags);

#endif
