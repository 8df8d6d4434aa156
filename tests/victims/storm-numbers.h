/* Calls by number, and calls that the kernel itself makes again. */
#ifndef STORM_NUMBERS_H
#define STORM_NUMBERS_H

#include "storm-calls.h"
#include "storm-sockets.h"

/* By number. */
static long do_syscall_nanosleep(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_nanosleep, &t, NULL);
}

static long do_syscall_clock_nanosleep(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &t, NULL);
}

static long do_syscall_poll(long ms)
{
	return syscall(SYS_poll, NULL, 0, ms);
}

static long do_syscall_ppoll(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_ppoll, NULL, 0, &t, NULL, 0);
}

static long do_syscall_pselect(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_pselect6, 0, NULL, NULL, NULL, &t, NULL);
}

static long do_syscall_epoll_wait(long ms)
{
	struct epoll_event event;

	return syscall(SYS_epoll_wait, ok(epoll_create1(0)), &event, 1, ms);
}

static long do_syscall_futex(long ms)
{
	struct timespec t = spec(ms);
	int word = 0;

	return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, ms ? &t : NULL,
		       NULL, 0);
}

static long do_syscall_futex_until(long ms)
{
	struct timespec t = at(CLOCK_MONOTONIC, ms);
	int word = 0;

	return syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, &t, NULL,
		       FUTEX_BITSET_MATCH_ANY);
}

static long do_syscall_sigtimedwait(long ms)
{
	struct timespec t = spec(ms);

	return syscall(SYS_rt_sigtimedwait, &usr2, NULL, &t, 8);
}

static long do_syscall_semtimedop(long ms)
{
	struct sembuf op = {0, -1, 0};
	struct timespec t = spec(ms);

	return syscall(SYS_semtimedop, semaphores, &op, 1, &t);
}

static long do_syscall_getevents(long ms)
{
	struct timespec t = spec(ms);
	struct io_event event;
	aio_context_t context = 0;

	ok(syscall(SYS_io_setup, 1, &context));
	return syscall(SYS_io_getevents, context, 1, 1, &event, &t);
}

static long do_syscall_io_uring_enter(long ms)
{
	struct io_uring_params params = {0};
	struct timespec t = spec(ms);
	struct io_uring_getevents_arg arg = {.ts = (uintptr_t)&t};
	int fd = syscall(SYS_io_uring_setup, 1, &params);
	unsigned flags = IORING_ENTER_GETEVENTS;

	if (fd < 0) /* not everywhere */
		return -2;
	return ms ? syscall(SYS_io_uring_enter, fd, 0, 1,
			    flags | IORING_ENTER_EXT_ARG, &arg, sizeof(arg))
		  : syscall(SYS_io_uring_enter, fd, 0, 1, flags, NULL, 0);
}

static long do_syscall_pause(long ms)
{
	(void)ms;
	return syscall(SYS_pause);
}

static long do_syscall_read(long ms)
{
	return syscall(SYS_read, empty(ms), buffer, 8);
}

static long do_syscall_sendto(long ms)
{
	return syscall(SYS_sendto, full(ms), buffer, 8, 0, NULL, 0);
}

/* What the kernel itself makes again. */
static long do_read_pipe(long ms)
{
	int ends[2];

	(void)ms;
	ok(pipe(ends));
	return read(ends[0], buffer, 8);
}

static long do_write_pipe(long ms)
{
	int ends[2];

	(void)ms;
	ok(pipe(ends));
	ok(write(ends[1], buffer, sizeof(buffer)));
	return write(ends[1], buffer, 8);
}

static long do_read_event(long ms)
{
	(void)ms;
	return read(ok(eventfd(0, 0)), buffer, 8);
}

static long do_read_timer(long ms)
{
	(void)ms;
	return read(ok(timerfd_create(CLOCK_MONOTONIC, 0)), buffer, 8);
}

static long do_read_inotify(long ms)
{
	(void)ms;
	return read(ok(inotify_init()), buffer, sizeof(buffer));
}

static long do_open(long ms)
{
	char name[64];

	(void)ms;
	path("fifo", name);
	return open(name, O_RDONLY);
}

static int locked(char name[64])
{
	path("lock", name);
	return ok(open(name, O_RDWR));
}

static long do_flock(long ms)
{
	char name[64];

	(void)ms;
	return flock(locked(name), LOCK_EX);
}

static long do_fcntl(long ms)
{
	struct flock lock = {.l_type = F_WRLCK};
	char name[64];

	(void)ms;
	return fcntl(locked(name), F_OFD_SETLKW, &lock);
}

static long do_waitpid(long ms)
{
	(void)ms;
	return waitpid(-1, NULL, 0);
}

static long do_wait(long ms)
{
	(void)ms;
	return waitid(P_ALL, 0, NULL, WEXITED);
}

#endif
