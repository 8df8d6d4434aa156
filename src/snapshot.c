/*
 * See snapshot.h. Runs in whichever thread the trigger found, with all its
 * signals blocked and the stop lock held, raw system calls only. The child is
 * a plain clone without an exit signal: no fork handlers, no SIGCHLD, seen by
 * no wait but one with __WCLONE or __WALL, followed by no debugger.
 *
 * Where clone is refused or memory is short the scan is put off; this is said
 * once in the report.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "arena.h"
#include "budget.h"
#include "config.h"
#include "file.h"
#include "freeze.h"
#include "guard.h"
#include "heap.h"
#include "init.h"
#include "park.h"
#include "proc.h"
#include "range.h"
#include "rehearsal.h"
#include "reap.h"
#include "request.h"
#include "sandbox.h"
#include "signals.h"
#include "snapshot.h"
#include "stop.h"
#include "sys.h"
#include "task.h"
#include "warm.h"

#define ALL_SIGNALS UINT64_MAX
#define TRIES 60 /* to stop the threads, where a scan must be */
#define PUT_OFF_NS 5000000000ull
/* Scans put off before it is said: for so long, and more often than this, since
 * on a machine that has no time for the program that alone says nothing. */
#define SILENCE_NS 1000000000ull
#define FEW 4
#define TURNS 3 /* of one scan, while it says nothing */
#define CHILD_STACK (1 << 20)
#define ROOM (64 << 10)

static struct shared *shared;
static char *room;	/* the stack of who has the lock */
static uint32_t ending; /* threads that wait to make the last scan */
static bool awaited;	/* the child, by a thread without the lock */
static uint32_t told_refused, told_stop;

int snapshot_init(void)
{
	long p;

	if (!room)
		room = arena_map(ROOM);
	if (!room)
		return -ENOMEM;
	p = sys(SYS_mmap, 0, sizeof *shared, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (sys_failed(p))
		return p;
	shared = (struct shared *)p;
	return 0;
}

void snapshot_stop(void)
{
	if (shared)
		sys(SYS_munmap, shared, sizeof *shared);
	shared = NULL;
	room = NULL;
}

/* The parent's child and its results are no business of ours. */
void snapshot_forked(void)
{
	reap_forked();
	awaited = false;
	ending = 0;
	if (shared)
		sys(SYS_munmap, shared, sizeof *shared);
	shared = NULL;
	(void)!snapshot_init();
}

uint32_t snapshot_alarms(void)
{
	return shared ? shared->alarms : 0;
}

struct shared *snapshot_shared(void)
{
	return shared;
}

/* The scan that said nothing gives its number to the next. */
static void take_back(void)
{
	shared->voided = 0;
	shared->scan--;
	shared->done = shared->scan;
	shared->unripe = 1;
}

void snapshot_ended(void)
{
	learn_all(&shared->learned);
	if (shared->voided == shared->scan && shared->scan)
		take_back();
}

void snapshot_finish(void)
{
	stop_lock();
	reap(true);
	stop_unlock();
}

/* A second process in a new pid namespace would become its first. */
static bool would_be_init(void)
{
	struct stat mine, childrens;

	return !sys(SYS_stat, "/proc/self/ns/pid", &mine) &&
	       !sys(SYS_stat, "/proc/self/ns/pid_for_children", &childrens) &&
	       mine.st_ino != childrens.st_ino;
}

static void call_on_stack(const struct snapshot *snapshot, char *stack)
	__attribute__((noreturn));
static void call_on_stack(const struct snapshot *snapshot, char *stack)
{
#if defined(__x86_64__)
	__asm__ volatile("mov %0, %%rsp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "call child_run\n\t"
			 "ud2"
			 :
			 : "r"(stack), "D"(snapshot)
			 : "memory");
	__builtin_unreachable();
#else
	(void)stack;
	child_run(snapshot);
#endif
}

/* With the threads stopped: the pause is from `since` to the release. */
static int clone_child(const struct snapshot *snapshot, char *stack,
		       uint64_t since)
{
	long pid;

	if (proc_is_kept() && proc_note_maps()) {
		park_close();
		return -ENOENT;
	}
	shared->pause_us = UINT32_MAX;
	freeze_begin(&shared->freeze);
	ranges_show(true);
	pid = sys(SYS_clone, CLONE_UNTRACED, 0, 0, 0, 0);
	if (!pid)
		call_on_stack(snapshot, stack + CHILD_STACK);
	ranges_show(false);
	if (!sys_failed(pid)) {
		park_unshare();
		freeze_wait(&shared->freeze,
			    snapshot->trigger > TRIGGER_INTERVAL);
	}
	shared->unsure = !stop_is_sure();
	park_close();
	__atomic_store_n(&shared->pause_us, sys_now_ns() / 1000 - since,
			 __ATOMIC_RELEASE);
	sys(SYS_futex, &shared->pause_us, FUTEX_WAKE, 1);
	if (sys_failed(pid)) /* EAGAIN: as many processes as there may be */
		return pid == -EAGAIN ? -ENOMEM : pid;
	reap_begin(pid, snapshot->asked);
	return 0;
}

static bool may_wait(enum trigger trigger)
{
	return trigger > TRIGGER_INTERVAL ||
	       (trigger == TRIGGER_THRESHOLD && config.threshold);
}

bool snapshot_may_begin(enum trigger trigger)
{
	return may_wait(trigger) || !reap_is_at_work();
}

static void say_late(const char *what)
{
	char line[200];
	struct text text = {line, sizeof line, 0};

	text_add(&text, what);
	stop_explain(&text);
	file_warning(line);
}

/* Where a scan must be, it is tried again, with pauses that grow: faster where
 * a thread is known not to be able to answer. At last it goes without. */
static int stop_all(bool must)
{
	int signal = signals_for_stop(task_is_traced());
	int tries, err;

	for (tries = 0;; tries += err == -EBUSY ? 5 : 1) {
		if (tries > TRIES)
			tries = TRIES;
		err = stop_threads(must && tries == TRIES, signal);
		if (!must || (err != -EAGAIN && err != -EBUSY))
			return err;
		sys_pause_us((tries + 1) * 500);
	}
}

/* Scans that were put off since a stop failed. Who failed to stop them all
 * has held them for a while: it waits as long as this has been so before it
 * tries again. */
static struct {
	uint64_t since, until; /* 0: none; next try */
	uint32_t times;
	bool told;
} put_off;

static int put_off_now(int err)
{
	uint64_t now = sys_now_ns(), failing;

	if (err != -EAGAIN && err != -EBUSY)
		return err;
	if (!put_off.since) {
		put_off.since = now;
		put_off.times = 0;
	}
	put_off.times++;
	failing = now - put_off.since;
	if (err == -EAGAIN)
		put_off.until =
			now + (failing < PUT_OFF_NS ? failing : PUT_OFF_NS);
	if (failing > SILENCE_NS && put_off.times > FEW && !put_off.told) {
		put_off.told = true;
		say_late("scans are put off: ");
	}
	return -EAGAIN;
}

static int stop_and_clone(const struct snapshot *snapshot, bool must)
{
	static char *stack;
	bool stopped = true;
	int err;

	if (!stack)
		stack = arena_map(CHILD_STACK);
	if (!stack)
		return -ENOMEM;
	if (!must && put_off.since && sys_now_ns() < put_off.until)
		return -EAGAIN;
	warm_heap();
	err = stop_all(must);
	if (!err)
		err = clone_child(snapshot, stack, stop_began_us());
	else
		stopped = false;
	task_close();
	if (!stopped)
		return put_off_now(err);
	put_off.since = 0;
	if (!err && stop_missing() && !told_stop) {
		told_stop = true;
		say_late("a scan was made while one thread went on: ");
	}
	return err;
}

/* Said once, and to each that asks. */
static void tell_refused(const struct snapshot *snapshot, int err)
{
	const char *text = "a scan could not be made: no memory or no "
			   "permission for a second process";

	if (err == -ENOENT || err == -ESRCH)
		text = "a scan could not be made: /proc is not that of this "
		       "process";
	if (err == -ECHILD)
		text = "a scan could not be made: a second process would be "
		       "the first of a pid namespace";
	file_failure(text, snapshot->asked, &told_refused);
}

/* Not under filters that nobody could read and that may forbid it. */
static bool may_scan(void)
{
	const char *why = rehearsal_refuses();

	if (!why)
		return true;
	file_missing(why);
	sandbox_close(true);
	return false;
}

/* A question alone is no scan: it has the number of the last one. */
static int take_locked(struct snapshot *snapshot)
{
	enum trigger trigger = snapshot->trigger;
	stack_t stack = {0};
	bool must = trigger > TRIGGER_INTERVAL;
	bool is_scan = snapshot->ask != ASK_REFERRERS;
	int err;

	if (!reap(may_wait(trigger)))
		return -EAGAIN;
	if (!must && !trigger_is_affordable()) /* with what that one cost */
		return -EAGAIN;
	if (trigger == TRIGGER_REQUEST)
		file_ensure();
	sys(SYS_sigaltstack, 0, &stack);
	snapshot->alternate = stack.ss_sp;
	snapshot->shared = shared;
	snapshot->n = shared->scan += is_scan;
	shared->fresh = is_scan ? 0 : shared->fresh;
	snapshot->asked = trigger == TRIGGER_REQUEST ? snapshot->n : 0;
	snapshot->again = is_scan && (!must || snapshot->turn + 1 < TURNS);
	if (is_scan && !snapshot->turn)
		news_begin(snapshot->n);
	shared->faults = budget_faults();
	shared->copied = 0;
	shared->unripe = is_scan ? 0 : shared->unripe;
	if (!may_scan())
		err = -EAGAIN; /* said */
	else
		err = would_be_init() ? -ECHILD
				      : stop_and_clone(snapshot, must);
	if (err) {
		shared->scan -= is_scan;
		if (err != -EAGAIN)
			tell_refused(snapshot, err);
		trigger_postpone();
		return -EAGAIN;
	}
	if (is_scan) {
		heap_next_epoch();
		trigger_scanned(trigger);
	}
	awaited = must;
	return 0;
}

/* While another thread waits for its answers no scan is begun. */
static bool try_enter(bool last)
{
	if ((!last && ending) || stop_trylock())
		return false;
	if (!awaited)
		return true;
	stop_unlock();
	return false;
}

/* The lock is never held with a signal let in: a handler may end the program,
 * which needs the lock, or leave by longjmp. While it waits, even in a handler
 * of ours, this thread can be stopped. The last scan comes before others, of
 * which there may be one after the other. */
static bool enter(bool must, bool last, uint64_t *old)
{
	for (sys_set_mask(ALL_SIGNALS, old); !try_enter(last);
	     sys_set_mask(ALL_SIGNALS, NULL)) {
		sys_set_mask(must ? *old & ~stop_mask() : *old, NULL);
		if (!must)
			return false;
		sys_pause_us(200);
	}
	return true;
}

/* The child reads its copy on this stack: the program's may lie in a block,
 * which the child gives back, or in shared memory, where it changes. */
static long take_here(void *told)
{
	struct snapshot snapshot = *(const struct snapshot *)told;
	int err = take_locked(&snapshot);

	((struct snapshot *)told)->n = snapshot.n;
	return err;
}

/* The end of the analysis, without the lock: other threads fork and execute
 * meanwhile. */
static void await(void)
{
	reap_await();
	stop_lock();
	reap(true);
	awaited = false;
	stop_unlock();
}

/* To each that asks: the scan that would have been the next. */
static int tell_closed(enum trigger trigger)
{
	uint32_t told = true;

	if (trigger == TRIGGER_REQUEST)
		file_failure("a scan could not be made: the program has "
			     "confined itself",
			     shared->scan + 1, &told);
	return -EAGAIN;
}

/* Whether the scan that was awaited said nothing. */
static bool is_void(const struct snapshot *snapshot)
{
	return snapshot->ask != ASK_REFERRERS &&
	       __atomic_load_n(&shared->scan, __ATOMIC_ACQUIRE) < snapshot->n;
}

/* What a scan that nobody asked for has cost the thread that met it, but for
 * the pause, which is charged with the rest, and the wait for a child, whose
 * time is charged already. */
static void spend(uint64_t since_ns, int err)
{
	uint64_t us = (sys_own_cpu_ns() - since_ns) / 1000;
	uint64_t pause = err ? 0 : shared->pause_us;

	budget_spend(us > pause ? us - pause : 0);
}

static int take_once(struct snapshot *snapshot)
{
	bool must = snapshot->trigger > TRIGGER_INTERVAL, last, entered;
	uint64_t old, began;
	int err;

	if (sandbox_is_closed())
		return tell_closed(snapshot->trigger);
	if (!shared || init_is_vfork_child() || stop_is_held())
		return -EAGAIN;
	last = snapshot->trigger == TRIGGER_EXIT;
	__atomic_fetch_add(&ending, last, __ATOMIC_SEQ_CST);
	entered = enter(must, last, &old);
	__atomic_fetch_sub(&ending, last, __ATOMIC_SEQ_CST);
	if (!entered)
		return -EAGAIN;
	began = sys_own_cpu_ns();
	err = sys_on_stack(room + ROOM, take_here, snapshot);
	if (!must)
		spend(began, err);
	stop_unlock();
	if (!err && must)
		await();
	sys_set_mask(old, NULL);
	return err;
}

static int take(struct snapshot *snapshot)
{
	int err;

	do
		err = take_once(snapshot);
	while (!err && snapshot->trigger > TRIGGER_INTERVAL &&
	       is_void(snapshot) && ++snapshot->turn < TURNS);
	return err;
}

void snapshot_reap(void)
{
	uint64_t old;

	if (init_is_vfork_child() || stop_is_held() ||
	    !enter(false, false, &old))
		return;
	reap(false);
	stop_unlock();
	sys_set_mask(old, NULL);
}

bool snapshot_make_room(void)
{
	int saved = errno;
	uint64_t old;
	bool made;

	if (!reap_is_there() || init_is_vfork_child() || stop_is_held())
		return false;
	enter(true, false, &old);
	made = reap_soon();
	stop_unlock();
	sys_set_mask(old, NULL);
	errno = saved;
	return made;
}

int snapshot_take(enum trigger trigger, const struct stopped *self)
{
	struct snapshot snapshot = {.trigger = trigger, .self = *self};

	return take(&snapshot);
}

int snapshot_ask(enum ask ask, uintptr_t about, const struct stopped *self)
{
	struct snapshot snapshot = {
		.trigger = TRIGGER_API,
		.self = *self,
		.ask = ask,
		.about = about,
	};

	return take(&snapshot);
}
