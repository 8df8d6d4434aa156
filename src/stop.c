/*
 * Threads are stopped by a real-time signal whose handler waits on a futex:
 * each thread's registers then lie on a stack, where the scan finds them. A
 * thread inside the guard only notes the stop and parks on leaving, so nobody
 * is held inside an allocator. /proc/self/task is read again until it shows
 * no thread that has not been signalled.
 *
 * The stopping thread holds the lock, blocks all signals, and waits 5 ms at
 * the most.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <ucontext.h>
#include "arena.h"
#include "fd.h"
#include "guard.h"
#include "init.h"
#include "out.h"
#include "request.h"
#include "stop.h"
#include "sys.h"

#define STOPPED_MAX 65536
#define PATIENCE_NS 5000000
#define FUTEX_WAIT_PRIVATE 128
#define FUTEX_WAKE_PRIVATE 129
#define RED_ZONE 128
#define STATE_ZOMBIE 'Z'

static struct {
	uint32_t lock;
	int32_t holder;	  /* its thread */
	uint32_t depth;	  /* how often more it took it */
	uint32_t round;	  /* odd while a stop is on */
	uint32_t claimed; /* places in the list */
	uint32_t parked;  /* of them filled */
	uint32_t missing;
	uint32_t busy; /* threads in stop_park() */
	uint32_t tids_n;
	int32_t *tids; /* negative: a zombie */
	struct stopped *list;
	int task; /* /proc/self/task, or -1 */
} stop = {.task = -1};

int stop_init(void)
{
	stop.tids = arena_map(STOPPED_MAX * sizeof *stop.tids);
	stop.list = arena_map(STOPPED_MAX * sizeof *stop.list);
	return stop.tids && stop.list ? 0 : -ENOMEM;
}

void stop_forked(void)
{
	stop.lock = 0;
	stop.holder = 0;
	stop.depth = 0;
	stop.round = 0;
	stop.busy = 0;
	if (fd_is("/task", stop.task))
		sys(SYS_close, stop.task);
	stop.task = -1;
}

int stop_trylock(void)
{
	int taken = __atomic_exchange_n(&stop.lock, 1, __ATOMIC_ACQUIRE);

	if (!taken)
		stop.holder = sys(SYS_gettid);
	return taken;
}

int stop_is_held(void)
{
	return stop.holder == (int32_t)sys(SYS_gettid);
}

/* A signal handler of the program may fork or exec in the midst of a fork or
 * exec of the same thread. */
void stop_lock(void)
{
	if (stop_is_held()) {
		stop.depth++;
		return;
	}
	while (stop_trylock())
		sys_pause_us(200);
}

void stop_unlock(void)
{
	if (stop.depth) {
		stop.depth--;
		return;
	}
	stop.holder = 0;
	__atomic_store_n(&stop.lock, 0, __ATOMIC_RELEASE);
}

int stop_active(void)
{
	return __atomic_load_n(&stop.round, __ATOMIC_ACQUIRE) & 1;
}

struct stopped stop_from_sp(uintptr_t sp)
{
	return (struct stopped){
		.tid = sys(SYS_gettid),
		.sp = sp,
		.pointer = (uintptr_t)__builtin_thread_pointer(),
	};
}

struct stopped stop_from_signal(const void *ucontext)
{
	const ucontext_t *uc = ucontext;
	struct stopped s = stop_from_sp(0);

	/* before the registers stands the alternate stack, which nobody but
	 * the kernel may know */
	s.regs_low = (uintptr_t)&uc->uc_stack;
	s.regs_high = (uintptr_t)(&uc->uc_mcontext + 1);
#if defined(__x86_64__)
	s.sp = uc->uc_mcontext.gregs[REG_RSP] - RED_ZONE;
	s.ext_low = (uintptr_t)uc->uc_mcontext.fpregs;
	if (s.ext_low) {
		/* the size of the whole state stands in the software bytes
		 * of the legacy area (Linux, asm/sigcontext.h) */
		const uint32_t *software = (uint32_t *)(s.ext_low + 464);

		s.ext_high = s.ext_low +
			     (software[0] == 0x46505853 ? software[1] : 512);
	}
#else
	s.sp = uc->uc_mcontext.sp;
#endif
	return s;
}

static void park(const struct stopped *where)
{
	uint32_t round = __atomic_load_n(&stop.round, __ATOMIC_SEQ_CST);
	uint32_t at;

	if (!(round & 1))
		return;
	at = __atomic_fetch_add(&stop.claimed, 1, __ATOMIC_ACQ_REL);
	if (at < STOPPED_MAX)
		stop.list[at] = *where;
	__atomic_fetch_add(&stop.parked, 1, __ATOMIC_ACQ_REL);
	sys(SYS_futex, &stop.parked, FUTEX_WAKE_PRIVATE, 1);
	while (__atomic_load_n(&stop.round, __ATOMIC_ACQUIRE) == round)
		sys(SYS_futex, &stop.round, FUTEX_WAIT_PRIVATE, round, 0);
}

void stop_park(const struct stopped *where)
{
	__atomic_fetch_add(&stop.busy, 1, __ATOMIC_SEQ_CST);
	park(where);
	__atomic_fetch_sub(&stop.busy, 1, __ATOMIC_SEQ_CST);
}

static int open_task(void)
{
	if (!fd_is("/task", stop.task))
		stop.task = fd_high(
			fd_open_proc("self/task", O_RDONLY | O_DIRECTORY));
	return stop.task;
}

/* The first thread stays listed when it has ended before the others. */
static bool is_zombie(int32_t tid)
{
	char path[32], stat[256];
	struct text t = {path, sizeof path, 0};
	const char *state;
	long fd, n;

	text_number(&t, tid);
	text_add(&t, "/stat");
	fd = sys(SYS_openat, stop.task, path, O_RDONLY | O_CLOEXEC);
	if (sys_failed(fd))
		return true;
	n = sys(SYS_read, fd, stat, sizeof stat - 1);
	sys(SYS_close, fd);
	if (n <= 0)
		return true;
	stat[n] = 0;
	state = strrchr(stat, ')');
	return state && state[1] &&
	       (state[2] == STATE_ZOMBIE || state[2] == 'X');
}

static bool is_gone(int32_t tid)
{
	return tid == init_pid()
		       ? is_zombie(tid)
		       : sys(SYS_tgkill, init_pid(), tid, 0) == -ESRCH;
}

/* Among the first `known` of the list, which come in the same order again. */
static bool seen(int32_t tid, uint32_t known, uint32_t *next)
{
	uint32_t i;

	for (i = 0; i < known; i++, ++*next) {
		if (*next >= known)
			*next = 0;
		if (stop.tids[*next] == tid || stop.tids[*next] == -tid)
			return true;
	}
	return false;
}

/* 0, or -errno: -ESRCH when it has ended, -EAGAIN when the user's signals are
 * used up (RLIMIT_SIGPENDING). */
static int signal_thread(int32_t tid)
{
	siginfo_t info = {.si_code = SI_QUEUE};

	info.si_signo = GORDIAN_SIGNAL;
	info.si_pid = init_pid();
	info.si_value.sival_int = GORDIAN_STOP;
	return sys(SYS_rt_tgsigqueueinfo, init_pid(), tid, GORDIAN_SIGNAL,
		   &info);
}

/* Signals the threads that are new since the last look; how many. */
static uint32_t signal_new(int32_t self)
{
	struct {
		uint64_t ino, off;
		uint16_t size;
		uint8_t type;
		char name[];
	} * entry;
	char buffer[4096];
	uint32_t fresh = 0, known = stop.tids_n, next = 0;
	long n, at;

	sys(SYS_lseek, stop.task, 0, SEEK_SET);
	while ((n = sys(SYS_getdents64, stop.task, buffer, sizeof buffer)) >
	       0) {
		for (at = 0; at < n; at += entry->size) {
			int32_t tid = 0;
			const char *c;

			entry = (void *)(buffer + at);
			for (c = entry->name; *c >= '0' && *c <= '9'; c++)
				tid = tid * 10 + (*c - '0');
			if (*c || seen(tid, known, &next) ||
			    stop.tids_n >= STOPPED_MAX)
				continue;
			stop.tids[stop.tids_n++] = tid;
			if (tid != self && signal_thread(tid) != -ESRCH)
				fresh++; /* waited for: it may be missing */
		}
	}
	return fresh;
}

/* Threads that ended after they were signalled will not answer; their numbers
 * become negative. */
static uint32_t count_gone(int32_t self)
{
	uint32_t i, gone = 0;

	for (i = 0; i < stop.tids_n; i++)
		if (stop.tids[i] > 0 && stop.tids[i] != self &&
		    is_gone(stop.tids[i])) {
			stop.tids[i] = -stop.tids[i];
			gone++;
		}
	return gone;
}

static uint32_t wait_parked(uint32_t wanted, uint64_t until)
{
	uint32_t parked;

	for (;;) {
		int64_t t[2] = {0, 500000};

		parked = __atomic_load_n(&stop.parked, __ATOMIC_ACQUIRE);
		if (parked >= wanted || sys_now_ns() >= until)
			return parked;
		sys(SYS_futex, &stop.parked, FUTEX_WAIT_PRIVATE, parked, t);
	}
}

/* Who came late to the last stop, or is just leaving it, must not be counted
 * in this one. */
static bool wait_idle(uint64_t until)
{
	while (__atomic_load_n(&stop.busy, __ATOMIC_SEQ_CST)) {
		if (sys_now_ns() >= until)
			return false;
		sys_pause_us(20);
	}
	return true;
}

int stop_threads(int insist)
{
	int32_t self = sys(SYS_gettid);
	uint64_t start = sys_now_ns();
	uint32_t wanted = 0, fresh, slice, next = 0;

	if (open_task() < 0)
		return stop.task;
	if (!wait_idle(start + PATIENCE_NS) && !insist)
		return -EAGAIN;
	start = sys_now_ns();
	stop.tids_n = 0;
	stop.claimed = 0;
	stop.parked = 0;
	stop.missing = 0;
	__atomic_fetch_add(&stop.round, 1, __ATOMIC_SEQ_CST);
	while ((fresh = signal_new(self))) {
		wanted += fresh;
		for (slice = 1; slice <= 5; slice++) {
			if (wait_parked(wanted, start + slice * PATIENCE_NS /
								5) >= wanted)
				break;
			wanted -= count_gone(self);
		}
		if (slice <= 5)
			continue;
		if (insist) {
			stop.missing = wanted - stop.parked;
			return 0;
		}
		stop_release();
		return -EAGAIN;
	}
	if (seen(self, stop.tids_n, &next))
		return 0;
	stop_release();
	return -ESRCH; /* /proc is another namespace's */
}

void stop_release(void)
{
	__atomic_fetch_add(&stop.round, 1, __ATOMIC_ACQ_REL);
	sys(SYS_futex, &stop.round, FUTEX_WAKE_PRIVATE, INT32_MAX);
}

const struct stopped *stop_list(uint32_t *n)
{
	*n = stop.parked < STOPPED_MAX ? stop.parked : STOPPED_MAX;
	return stop.list;
}

uint32_t stop_missing(void)
{
	return stop.missing;
}

const int32_t *stop_tids(uint32_t *n)
{
	*n = stop.tids_n;
	return stop.tids;
}
