/*
 * A hook of syscall(): see calls.h. Calls that a signal ends or cuts short are
 * made again, like their functions. All others are passed on by a jump, so that
 * vfork() by number does not return through a frame twice.
 */
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "base/export.h"
#include "base/likely.h"
#include "calls/calls.h"
#include "calls/transfer.h"
#include "hooks/confine.h"
#include "hooks/exec.h"
#include "hooks/hooks_fork.h"
#include "hooks/mapping.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/real.h"

/* The seventh argument is where the caller put it, if it did. Otherwise the
 * memory there is the caller's and may change at any time, so nothing is
 * written to it. */
EXPORT long raw_call(long number, long a, long b, long c, long d,
		     long e) __asm__("syscall");

enum how {
	PASS,  /* on, by a jump */
	AGAIN, /* again as it is: no timeout, or one that the kernel shortens */
	MS,    /* again with what is left of the timeout: milliseconds, */
	TIMESPEC, /* a struct timespec, */
	MOMENT,	  /* a timespec, unless the flags make it a moment, */
	FUTEX,	  /* or unless the operation makes it one, */
	RING,	  /* or one behind a pointer */
	IN,	  /* a transfer from or into what may be a socket */
	OUT,
	MAPPING, /* it does not wait: mapping.c is told */
};

#ifndef SYS_epoll_pwait2 /* Linux 5.11 */
#define SYS_epoll_pwait2 441
#endif

static const struct {
	uint8_t how, timeout; /* which argument */
} table[] = {
	[SYS_nanosleep] = {TIMESPEC, 0},
	[SYS_clock_nanosleep] = {MOMENT, 2},
	[SYS_poll] = {MS, 2},
	[SYS_ppoll] = {AGAIN, 0},
	[SYS_select] = {AGAIN, 0},
	[SYS_pselect6] = {AGAIN, 0},
	[SYS_epoll_wait] = {MS, 3},
	[SYS_epoll_pwait] = {MS, 3},
	[SYS_epoll_pwait2] = {TIMESPEC, 3},
	[SYS_pause] = {AGAIN, 0},
	[SYS_rt_sigsuspend] = {AGAIN, 0},
	[SYS_rt_sigtimedwait] = {TIMESPEC, 2},
	[SYS_futex] = {FUTEX, 3},
	[SYS_semop] = {AGAIN, 0},
	[SYS_semtimedop] = {TIMESPEC, 3},
	[SYS_msgrcv] = {AGAIN, 0},
	[SYS_msgsnd] = {AGAIN, 0},
	[SYS_io_getevents] = {TIMESPEC, 4},
	[SYS_io_pgetevents] = {TIMESPEC, 4},
	[SYS_io_uring_enter] = {RING, 4},
	[SYS_getrandom] = {AGAIN, 0},
	[SYS_accept] = {IN, 0},
	[SYS_accept4] = {IN, 0},
	[SYS_read] = {IN, 0},
	[SYS_readv] = {IN, 0},
	[SYS_recvfrom] = {IN, 0},
	[SYS_recvmsg] = {IN, 0},
	[SYS_recvmmsg] = {IN, 0},
	[SYS_connect] = {OUT, 0},
	[SYS_write] = {OUT, 0},
	[SYS_writev] = {OUT, 0},
	[SYS_sendto] = {OUT, 0},
	[SYS_sendmsg] = {OUT, 0},
	[SYS_sendmmsg] = {OUT, 0},
	[SYS_mmap] = {MAPPING, 0},
	[SYS_munmap] = {MAPPING, 0},
	[SYS_mremap] = {MAPPING, 0},
	[SYS_madvise] = {MAPPING, 0},
};

/* Room for arguments that replace others. */
struct shortened {
	struct timespec left;
	struct io_uring_getevents_arg ring;
};

static bool has_moment(long number, const long *given)
{
	switch (table[number].how) {
	case MOMENT:
		return given[1] & TIMER_ABSTIME;
	case FUTEX:
		return (given[1] & FUTEX_CMD_MASK) != FUTEX_WAIT;
	case RING:
		return !(given[3] & IORING_ENTER_EXT_ARG);
	}
	return false;
}

/* Puts what is left of the timeout in its place. */
static void shorten(struct call *call, long number, const long *given,
		    long *args, struct shortened *room)
{
	int at = table[number].timeout;
	enum how how = table[number].how;
	const void *timeout = (const void *)given[at];

	if (how == MS)
		args[at] = call_left_ms(call, given[at]);
	if (how < TIMESPEC || how > RING || has_moment(number, given))
		return;
	if (how != RING) {
		args[at] = (long)call_left_of(call, timeout, &room->left);
		return;
	}
	room->ring = *(const struct io_uring_getevents_arg *)timeout;
	timeout = (const void *)room->ring.ts;
	room->ring.ts = (long)call_left_of(call, timeout, &room->left);
	args[at] = (long)&room->ring;
}

/* Finishes what a transfer may have left. */
static long finish(struct call *call, long r, long number, const long *a)
{
	switch (number) {
	case SYS_read:
		return transfer_in(call, r, a[0], (void *)a[1], a[2], 0);
	case SYS_recvfrom:
		return transfer_in(call, r, a[0], (void *)a[1], a[2], a[3]);
	case SYS_readv:
		return transfer_in_vector(call, r, a[0], (void *)a[1], a[2]);
	case SYS_write:
		return transfer_out(call, r, a[0], (void *)a[1], a[2], 0);
	case SYS_sendto:
		return transfer_out(call, r, a[0], (void *)a[1], a[2], a[3]);
	case SYS_writev:
		return transfer_out_vector(call, r, a[0], (void *)a[1], a[2]);
	case SYS_sendmsg:
		return transfer_send(call, r, a[0], (void *)a[1], a[2]);
	}
	return r;
}

static long make(long number, const long *a)
{
	return real.syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static __attribute__((noinline)) long make_whole(long number, long a, long b,
						 long c, long d, long e, long f)
{
	const long given[] = {a, b, c, d, e, f};
	long args[] = {a, b, c, d, e, f};
	enum how how = table[number].how;
	struct call call = call_begin(true);
	struct shortened room;
	long r = make(number, args);

	while (call_again(&call, r)) {
		if (how >= IN && !transfer_wait_again(&call, a, how == OUT))
			break;
		shorten(&call, number, given, args, &room);
		r = make(number, args);
	}
	return r > 0 && call_was_cut(&call, r) ? finish(&call, r, number, given)
					       : r;
}

/* Called by number, too, since an allocator's mmap may be the caller. */
static __attribute__((noinline)) long make_mapping(long number, const long *a,
						   const void *caller)
{
	void *at = (void *)a[0];
	long r;

	if (number == SYS_munmap)
		mapping_ends(at, a[1]);
	r = make(number, a);
	if (number == SYS_mmap)
		mapping_made((void *)r, a[1], caller);
	else if (number == SYS_mremap)
		mapping_moved(at, a[1], (void *)r, a[2], caller);
	else if (number == SYS_madvise && !r)
		mapping_advised(at, a[1], a[2]);
	return r;
}

static bool is_known(unsigned long number)
{
	return number < sizeof table / sizeof *table &&
	       table[number].how != PASS;
}

static bool is_mapping(unsigned long number)
{
	return is_known(number) && table[number].how == MAPPING;
}
/* The seventh argument is above the return address and the frame pointer. */
static inline long seventh(const long *frame)
{
	return frame[2];
}

__attribute__((optimize("optimize-sibling-calls"))) long
raw_call(long number, long a, long b, long c, long d, long e)
{
	if (unlikely(!real.syscall))
		library_begin();
	if (is_mapping(number))
		return make_mapping(number,
				    (long[]){a, b, c, d, e, seventh(FRAME)},
				    __builtin_return_address(0));
	if (number == SYS_execve || number == SYS_execveat)
		return exec_raw(number, (long[]){a, b, c, d, e, 0});
	if (fork_is_raw(number, a, b))
		return fork_raw(number, (long[]){a, b, c, d, e});
	if (number == SYS_exit_group)
		_exit(a); /* with a last scan */
	if (is_known(number))
		return make_whole(number, a, b, c, d, e, seventh(FRAME));
	if (confine_has(number))
		return confine_call(number, a, b, c, d, e);
	return real.pass_syscall(number, a, b, c, d, e);
}
