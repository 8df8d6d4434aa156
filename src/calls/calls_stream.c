/*
 * Hooks of transfers: see calls.h and transfer.h. No signal interrupts
 * transfers of files. A read that takes what a pipe has is short by nature.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>
#include "base/export.h"
#include "base/sys.h"
#include "calls/calls.h"
#include "calls/transfer.h"
#include "process/real.h"

void __chk_fail(void) __attribute__((noreturn));

EXPORT ssize_t read(int fd, void *buffer, size_t size)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.read(fd, buffer, size);

	return call_was_cut(&call, r)
		       ? transfer_in(&call, r, fd, buffer, size, 0)
		       : r;
}

/* The fortified form (_FORTIFY_SOURCE): room is that of the buffer. */
EXPORT ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room)
{
	if (size > room)
		__chk_fail();
	return read(fd, buffer, size);
}

EXPORT ssize_t readv(int fd, const struct iovec *v, int n)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.readv(fd, v, n);

	return call_was_cut(&call, r) ? transfer_in_vector(&call, r, fd, v, n)
				      : r;
}

EXPORT ssize_t write(int fd, const void *buffer, size_t size)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.write(fd, buffer, size);

	return call_was_cut(&call, r)
		       ? transfer_out(&call, r, fd, buffer, size, 0)
		       : r;
}

EXPORT ssize_t writev(int fd, const struct iovec *v, int n)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.writev(fd, v, n);

	return call_was_cut(&call, r) ? transfer_out_vector(&call, r, fd, v, n)
				      : r;
}

/* A socket takes the whole. Elsewhere a transfer may be short by nature. */
EXPORT ssize_t sendfile(int out, int in, off_t *at, size_t size)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.sendfile(out, in, at, size), done;

	while (call_again(&call, r) && transfer_wait(&call, out, true))
		r = real.sendfile(out, in, at, size);
	if (!call_was_cut(&call, r) || r < 0 || !transfer_is_whole(out, 0))
		return r;
	for (done = r; (size_t)done < size && call_was_cut(&call, r);) {
		call_arm(&call);
		if (!transfer_wait(&call, out, true))
			break;
		r = real.sendfile(out, in, at, size - done);
		done += r > 0 ? r : 0;
	}
	errno = call.saved;
	return done;
}

EXPORT ssize_t sendfile64(int out, int in, off64_t *at, size_t size)
{
	return sendfile(out, in, at, size);
}

/* What a pipe has now. For more, another call would wait. */
static size_t pipe_has(int fd, size_t most)
{
	int bytes = 0;

	sys(SYS_ioctl, fd, FIONREAD, &bytes);
	return (size_t)bytes < most ? (size_t)bytes : most;
}

/* A socket takes the whole of what a pipe has. */
EXPORT ssize_t splice(int in, off64_t *in_at, int out, off64_t *out_at,
		      size_t size, unsigned flags)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.splice(in, in_at, out, out_at, size, flags), done;

	while (call_again(&call, r) && transfer_wait(&call, in, false) &&
	       transfer_wait(&call, out, true))
		r = real.splice(in, in_at, out, out_at, size, flags);
	if (!call_was_cut(&call, r) || r < 0 || flags & SPLICE_F_NONBLOCK ||
	    in_at || !transfer_is_whole(out, 0))
		return r;
	for (done = r; call_was_cut(&call, r);) {
		size_t more = pipe_has(in, size - done);

		call_arm(&call);
		if (!more || !transfer_wait(&call, out, true))
			break;
		r = real.splice(in, NULL, out, NULL, more, flags);
		done += r > 0 ? r : 0;
	}
	errno = call.saved;
	return done;
}

EXPORT ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
	struct call call = call_begin(transfer_timed);
	ssize_t r = real.getrandom(buffer, size, flags);
	size_t done = r > 0 ? r : 0;

	while (done < size && call_was_cut(&call, r)) {
		call_arm(&call);
		r = real.getrandom((char *)buffer + done, size - done, flags);
		done += r > 0 ? r : 0;
	}
	if (!done)
		return r;
	errno = call.saved;
	return done;
}
