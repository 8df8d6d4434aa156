/*
 * Threads are stopped by a real-time signal whose handler waits on a futex. So
 * each thread's registers are on a stack, where the scan finds them. A thread
 * inside the guard only notes the stop, and parks when it leaves: nobody is
 * held inside an allocator. All are stopped when as many have parked as the
 * kernel counts, since a parked thread makes no new one.
 *
 * The stopping thread holds the lock and blocks all signals. It waits as long
 * as threads keep parking. When none has for 5 ms, all go on. Those that were
 * late are looked at before the next stop: while one cannot answer, nobody is
 * held for it.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/request.h"
#include "base/sys.h"
#include "process/park.h"
#include "process/pid.h"
#include "process/silent.h"
#include "process/stop.h"
#include "process/task.h"
#include "process/thread.h"

#define STOPPED_MAX 65536
#define PATIENCE_NS 5000000 /* without a thread that parks */
#define LOOK_NS 500000	    /* ... then look who is missing */
#define SHARE 64	    /* a thread that used 1/64 of the time runs */
#define FEW 1024
static struct {
	uint32_t lock;	/* the thread that holds it, or 0 */
	uint32_t depth; /* how many times more it took the lock */
	uint32_t missing;
	int signal;
	uint64_t began;	 /* of the stop */
	uint64_t looked; /* when it was last looked who runs */
	uint32_t tids_n;
	int32_t *tids;
	int room; /* for them */
} stop;
static int32_t few[FEW] LARGE; /* where memory is short */

uint64_t stop_mask(void)
{
	return 1ull << (stop.signal - 1);
}

void stop_init(void)
{
	stop.signal = GORDIAN_SIGNAL;
	stop.looked = sys_now_ns();
	stop.tids = few;
	stop.room = FEW;
}

/* Most programs are never stopped. */
static void make_room(void)
{
	int32_t *more =
		stop.tids == few ? arena_map(STOPPED_MAX * sizeof *more) : NULL;

	if (!more)
		return;
	stop.tids = more;
	stop.room = STOPPED_MAX;
}

void stop_forked(void)
{
	stop.lock = 0;
	stop.depth = 0;
	silent_forked();
	park_forked();
}

/* The lock word itself tells who holds it. If a second word did, a handler
 * could come between the two, end the program, and wait for its own thread. */
int stop_trylock(void)
{
	uint32_t nobody = 0;

	return !__atomic_compare_exchange_n(&stop.lock, &nobody,
					    (uint32_t)sys(SYS_gettid), false,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

int stop_is_held(void)
{
	return __atomic_load_n(&stop.lock, __ATOMIC_RELAXED) ==
	       (uint32_t)sys(SYS_gettid);
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
	__atomic_store_n(&stop.lock, 0, __ATOMIC_RELEASE);
}

/* How many threads, but the caller, the kernel counts and run code. Threads
 * that run none are looked at after the count, so they were counted. */
static int others(void)
{
	int n = task_count() - 1;

	return n > 0 ? n - silent_exempt(n) : n;
}

/* Queues the signal. Fails when the thread has ended, or when the user's
 * signals are used up (RLIMIT_SIGPENDING): then the next look tries again. */
static bool signal_thread(int32_t tid)
{
	siginfo_t info = {.si_code = SI_QUEUE};

	info.si_signo = stop.signal;
	info.si_pid = pid_own();
	info.si_value.sival_int = GORDIAN_STOP;
	park_mark_sent(tid, true);
	if (!sys(SYS_rt_tgsigqueueinfo, pid_own(), tid, stop.signal, &info))
		return true;
	park_mark_sent(tid, false);
	return false;
}

/* Finds which threads have run since the last stop. Nobody is held
 * meanwhile. */
static void look_who_runs(void)
{
	uint64_t now = sys_now_ns(), before;
	struct thread *t;

	for (t = thread_first(); t; t = t->next) {
		before = t->ran;
		t->ran = t->tid ? sys_thread_cpu_ns(t->tid) : 0;
		t->runs = t->ran > before + (now - stop.looked) / SHARE;
	}
	stop.looked = now;
}

/* Signals the threads that hooks have seen, which are mostly all. How many. */
static uint32_t signal_known(int32_t self, bool runs)
{
	const struct thread *t;
	uint32_t n = 0;

	for (t = thread_first(); t; t = t->next)
		if (t->tid && t->tid != self && t->tid < PARK_TIDS &&
		    t->runs == runs && !park_is_sent(t->tid) &&
		    !park_has(t->tid))
			n += signal_thread(t->tid);
	return n;
}

/* Signals threads that sleep first: while they park, the others run. */
static void signal_all(int32_t self)
{
	uint32_t sent = signal_known(self, false), parked = 0, before;

	do {
		before = parked;
		parked = park_expect(sent, LOOK_NS);
	} while (parked < sent && parked > before);
	park_turn();
	signal_known(self, true);
}

/* Signals threads that are new or that no hook has seen, and notes why others
 * have not answered. */
static int look_around(int32_t self)
{
	bool is_ours = false;
	int n, i;

	make_room();
	n = task_list(stop.tids, stop.room);
	silent_anew();
	stop.tids_n = n > 0 ? n : 0;
	for (i = 0; i < n; i++) {
		int32_t tid = stop.tids[i];

		is_ours |= tid == self;
		if (tid == self || tid >= PARK_TIDS || silent_is_exempt(tid) ||
		    park_has(tid))
			continue;
		/* It may have been sent to an earlier thread of this number. */
		if (!park_is_sent(tid) ||
		    (silent_note(tid) && park_is_sent(tid)))
			signal_thread(tid);
	}
	return is_ours ? 0 : -ESRCH; /* /proc is another namespace's */
}

/* 0 when all have parked, -EAGAIN when nobody has for 5 ms. Looks who is
 * missing before it gives up: a busy machine may have let this thread wait as
 * well. */
static int wait_for_all(int32_t self)
{
	uint64_t progress = stop.began;
	uint32_t parked = 0, before;
	bool looked = false;
	int wanted, err = 0;

	while (!err) {
		before = parked;
		parked = park_count();
		wanted = others();
		if (wanted <= (int)parked)
			return wanted < 0 ? wanted : 0;
		parked = park_expect(wanted, LOOK_NS);
		if (parked > before) {
			progress = sys_now_ns();
		} else if (looked && sys_now_ns() - progress > PATIENCE_NS) {
			err = -EAGAIN;
		} else {
			err = look_around(self);
			looked = true;
		}
	}
	stop.missing = wanted > (int)parked ? wanted - parked : 0;
	return err;
}

/* Waits until no thread is still coming late to the last stop, or leaving it:
 * it must not be counted in this one. Nobody is held meanwhile. */
static bool wait_idle(void)
{
	uint64_t start = sys_now_ns();

	while (!park_is_empty()) {
		if (sys_now_ns() - start > PATIENCE_NS)
			return false;
		sys_pause_us(20);
	}
	return true;
}

int stop_threads(int insist, int signal)
{
	int32_t self = sys(SYS_gettid);
	int err = task_open();

	if (err)
		return err;
	stop.signal = signal;
	if (!silent_can_answer(signal) && !insist)
		return -EBUSY;
	if (!wait_idle() && !insist)
		return -EAGAIN;
	stop.tids_n = 0;
	stop.missing = 0;
	look_who_runs();
	stop.began = sys_now_ns();
	err = park_open();
	if (err)
		return err;
	signal_all(self);
	err = wait_for_all(self);
	if (!err || (insist && err == -EAGAIN))
		return 0;
	park_close();
	return err;
}

uint32_t stop_missing(void)
{
	return stop.missing;
}

const int32_t *stop_tids(uint32_t *n)
{
	*n = stop.missing ? stop.tids_n : 0;
	return stop.tids;
}

uint64_t stop_began_us(void)
{
	return stop.began / 1000;
}
