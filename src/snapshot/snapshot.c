/*
 * See snapshot.h. Runs in the thread that the trigger found, with all its
 * signals blocked and the stop lock held. Raw system calls only. The child is a
 * plain clone without an exit signal: no fork handlers, no SIGCHLD. No wait
 * sees it but one with __WCLONE or __WALL, and no debugger follows it.
 *
 * When clone is refused or memory is short the scan is put off. The report says
 * so once.
 */
#include <errno.h>
#include <signal.h>
#include "base/arena.h"
#include "base/sandbox.h"
#include "base/sys.h"
#include "heap/heap.h"
#include "process/pid.h"
#include "process/stop.h"
#include "process/stopped.h"
#include "process/tracking.h"
#include "report/file.h"
#include "report/warning.h"
#include "scan/fault.h"
#include "scan/freed.h"
#include "snapshot/budget.h"
#include "snapshot/copy.h"
#include "snapshot/frozen.h"
#include "snapshot/news.h"
#include "snapshot/reap.h"
#include "snapshot/refusal.h"
#include "snapshot/rehearsal.h"
#include "snapshot/relief.h"
#include "snapshot/shared.h"
#include "snapshot/snapshot.h"
#include "snapshot/trigger.h"
#include "snapshot/triggers.h"

#define ALL_SIGNALS UINT64_MAX
#define TURNS 3 /* times that a scan is made, while it says nothing */
#define ROOM (64 << 10)

static struct shared *shared; /* NULL: no scans */
static char *room;	      /* the stack for the thread that has the lock */
static uint32_t ending;	      /* threads that wait to make the last scan */
static int32_t awaiter; /* the thread that waits for the child without the lock;
			   0: none */

static int ready(void)
{
	int err = shared_init();

	if (err)
		return err;
	__atomic_store_n(&shared, shared_memory(), __ATOMIC_RELEASE);
	return 0;
}

/* With the lock held. */
static bool room_ready(void)
{
	if (!room)
		room = arena_map(ROOM);
	return room;
}

/* In a forked child: forgets the parent's scan child and its results. */
void snapshot_forked(void)
{
	reap_forked();
	awaiter = 0;
	ending = 0;
	shared_stop();
	shared = NULL;
}

uint32_t snapshot_alarms(void)
{
	return shared ? shared->alarms : 0;
}

void snapshot_finish(void)
{
	stop_lock();
	reap(true);
	stop_unlock();
}

/* Whether a scan may be made: not under unreadable filters that may forbid
 * it. */
static bool may_scan(void)
{
	const char *why = rehearsal_refuses();

	if (!why)
		return true;
	warning_missing(why);
	sandbox_close(true);
	return false;
}

/* A question without a scan has the number of the last scan. */
static int take_locked(struct snapshot *snapshot)
{
	enum trigger trigger = snapshot->trigger;
	stack_t stack = {0};
	bool must = triggers_must(trigger);
	bool is_scan = !ask_is_alone(snapshot->ask);
	int err;

	if (!reap(trigger_may_wait(trigger)))
		return -EAGAIN;
	if (!must && !trigger_is_affordable()) /* with what the last one cost */
		return -EAGAIN;
	if (trigger == TRIGGER_REQUEST)
		file_ensure();
	sys(SYS_sigaltstack, 0, &stack);
	snapshot->alternate = stack.ss_sp;
	snapshot->shared = shared;
	snapshot->n = shared->scan += is_scan;
	shared->fresh = is_scan ? 0 : shared->fresh;
	snapshot->asked =
		trigger == TRIGGER_REQUEST ? snapshot->n + !is_scan : 0;
	shared->questioned = !is_scan;
	shared->answered = ANSWERED_NOT;
	snapshot->again = is_scan && (!must || snapshot->turn + 1 < TURNS);
	if (is_scan && !snapshot->turn)
		news_begin(snapshot->n);
	shared->faults = budget_faults();
	shared->copied = 0;
	shared->fault = (struct fault){0};
	shared->late.unripe = is_scan ? 0 : shared->late.unripe;
	err = may_scan() ? refusal_now(trigger) : -EAGAIN; /* that was said */
	if (!err)
		err = copy_make(snapshot, must);
	if (err) {
		shared->scan -= is_scan;
		if (err != -EAGAIN)
			refusal_tell(err, snapshot->asked);
		trigger_postpone();
		return -EAGAIN;
	}
	if (is_scan) {
		heap_next_epoch();
		trigger_scanned(trigger);
	}
	awaiter = must ? sys(SYS_gettid) : 0;
	return 0;
}

#define LEFT_NS 1000000000ull

/* The thread that waits was interrupted by a handler of the program's: it is
 * this thread now, or it has left by longjmp. When another thread has left,
 * that shows when it does not reap the child that has ended. */
static bool may_take_over(bool must)
{
	static uint64_t since;
	bool own = awaiter == (int32_t)sys(SYS_gettid);

	if (reap_is_at_work()) {
		since = 0;
		return own && must;
	}
	if (own)
		return true;
	since = since ? since : sys_now_ns();
	return sys_now_ns() - since > LEFT_NS;
}

/* No scan is begun while another thread waits for its answers. */
static bool try_enter(bool must, bool last)
{
	if ((!last && ending) || stop_trylock())
		return false;
	if (!awaiter)
		return true;
	if (may_take_over(must)) {
		reap(true);
		awaiter = 0;
		return true;
	}
	stop_unlock();
	return false;
}

/* No signal is let in while the lock is held: a handler may end the program,
 * which needs the lock, or leave by longjmp. While this thread waits for the
 * lock, even in a handler of ours, it can be stopped. The last scan goes before
 * others, which may follow one after the other. */
static bool enter(bool must, bool last, uint64_t *old)
{
	for (sys_set_mask(ALL_SIGNALS, old); !try_enter(must, last);
	     sys_set_mask(ALL_SIGNALS, NULL)) {
		sys_set_mask(must ? *old & ~stop_mask() : *old, NULL);
		if (!must)
			return false;
		sys_pause_us(200);
	}
	return true;
}

/* The child works on this stack. The program's stack may be in a block, which
 * the child gives back, or in shared memory, which changes. */
static long take_here(void *told)
{
	struct snapshot snapshot = *(const struct snapshot *)told;
	int err = take_locked(&snapshot);

	((struct snapshot *)told)->n = snapshot.n;
	return err;
}

/* Waits for the end of the analysis, without the lock. Other threads fork and
 * execute meanwhile, and the signals that the program lets in are served. */
static void await(uint64_t mask)
{
	sys_set_mask(mask, NULL);
	reap_await();
	sys_set_mask(ALL_SIGNALS, NULL);
	stop_lock();
	if (awaiter == (int32_t)sys(SYS_gettid)) {
		reap(true);
		awaiter = 0;
	}
	stop_unlock();
}

/* Whether the awaited scan said nothing. */
static bool is_void(const struct snapshot *snapshot)
{
	return !ask_is_alone(snapshot->ask) &&
	       __atomic_load_n(&shared->scan, __ATOMIC_ACQUIRE) < snapshot->n;
}

/* Charges what a scan that nobody asked for has cost the thread that met it.
 * Not the pause, which is charged with the rest, nor the wait for a child,
 * whose time is charged already. */
static void spend(uint64_t since_ns, int err)
{
	uint64_t us = (sys_own_cpu_ns() - since_ns) / 1000;
	uint64_t pause = err ? 0 : shared->pause_us;

	budget_spend(us > pause ? us - pause : 0);
}

static int no_memory(const struct snapshot *snapshot)
{
	bool asked = snapshot->trigger == TRIGGER_REQUEST;

	refusal_tell(-ENOMEM, !asked ? 0 : shared ? shared->scan + 1 : 1);
	trigger_postpone();
	return -EAGAIN;
}

static int take_once(struct snapshot *snapshot)
{
	bool must = triggers_must(snapshot->trigger), last, entered;
	uint64_t old, began;
	int err;

	relief_serve();
	if (sandbox_is_closed() || tracking_is_over())
		return refusal_closed(snapshot->trigger,
				      shared ? shared->scan + 1 : 1);
	if (pid_is_vfork_child() || stop_is_held())
		return -EAGAIN;
	if (ready())
		return no_memory(snapshot);
	freed_begin();
	last = snapshot->trigger == TRIGGER_EXIT;
	__atomic_fetch_add(&ending, last, __ATOMIC_SEQ_CST);
	entered = enter(must, last, &old);
	__atomic_fetch_sub(&ending, last, __ATOMIC_SEQ_CST);
	if (!entered)
		return -EAGAIN;
	began = sys_own_cpu_ns();
	if (room_ready())
		err = sys_on_stack(room + ROOM, take_here, snapshot);
	else
		err = no_memory(snapshot);
	if (!must)
		spend(began, err);
	stop_unlock();
	if (!err && must)
		await(old);
	sys_set_mask(old, NULL);
	return err;
}

static int take(struct snapshot *snapshot)
{
	int err;

	do
		err = take_once(snapshot);
	while (!err && triggers_must(snapshot->trigger) && is_void(snapshot) &&
	       ++snapshot->turn < TURNS);
	return err;
}

void snapshot_reap(void)
{
	uint64_t old;

	if (pid_is_vfork_child() || stop_is_held() ||
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

	if (!reap_is_there() || pid_is_vfork_child() || stop_is_held())
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

int snapshot_ask(enum trigger trigger, enum ask ask, uintptr_t about,
		 const struct stopped *self)
{
	struct snapshot snapshot = {
		.trigger = trigger,
		.self = *self,
		.ask = ask,
		.about = about,
	};

	return take(&snapshot);
}
