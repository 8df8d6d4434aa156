/*
 * The last scan, at any end of the program: exit and its kin, return from main,
 * a signal whose default action ends it. The frame that ended the program is
 * noted, so that stale words of the frames below it (libc's, the loader's,
 * ours) hide no leak.
 */
#include <signal.h>
#include "base/config.h"
#include "base/sys.h"
#include "hooks/end.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/signals.h"
#include "process/stop.h"
#include "process/stopped.h"
#include "process/thread.h"
#include "process/tracking.h"
#include "report/family.h"
#include "report/file.h"
#include "report/lastline.h"
#include "snapshot/held.h"
#include "snapshot/shared.h"
#include "snapshot/snapshot.h"
#include "snapshot/trigger.h"
#include "snapshot/triggers.h"

/* How long another thread may take to end the program. */
#define PATIENCE_NS 1000000000ull
#define LOOK_US 500

static int exit_status;
static int32_t exit_tid;
static uintptr_t exit_sp;
static int32_t abort_tid;
static uintptr_t abort_sp;
static int end_signal;
static int32_t owner; /* the thread that makes the last scan; 0: none yet */
static bool scanned, checked, forked;

static bool is_owned(void)
{
	return __atomic_load_n(&owner, __ATOMIC_ACQUIRE);
}

static bool is_at_work(void)
{
	return is_owned() && !__atomic_load_n(&scanned, __ATOMIC_ACQUIRE);
}

/* Another thread ends the program, and may have to stop this one, also in a
 * handler of ours. Waits a while for that thread to begin; if it has begun, for
 * the end of its scan; then a while for the end of the program. */
static void wait_for_end(void)
{
	uint64_t old, since = sys_now_ns();

	sys_set_mask(UINT64_MAX, &old);
	sys_set_mask(old & ~stop_mask(), NULL);
	while (!is_owned() && sys_now_ns() - since < PATIENCE_NS)
		sys_pause_us(LOOK_US);
	while (is_at_work())
		sys_pause_us(LOOK_US);
	since = sys_now_ns();
	while (is_owned() && sys_now_ns() - since < PATIENCE_NS)
		sys_pause_us(LOOK_US);
	sys_set_mask(old, NULL);
}

/* A thread that calls exit while another does so overtakes it in libc: it finds
 * no exit handlers left, not even ours. */
void end_note_exit(int status, uintptr_t sp)
{
	int32_t tid = sys(SYS_gettid), first = 0;
	struct stopped here;

	if (!__atomic_compare_exchange_n(&exit_tid, &first, tid, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) &&
	    first != tid) {
		here = stopped_from_sp(sp);
		wait_for_end();
		end_scan(&here, status & 0xff);
		return;
	}
	exit_status = status & 0xff;
	exit_sp = sp;
}

/* The number of the last scan, if it came to a result. */
static uint32_t last_scan(void)
{
	const struct shared *shared = shared_memory();

	return shared && shared->good == shared->scan ? shared->good : 0;
}

/* Whether nothing can be found. A process that is to leave a report is scanned
 * all the same. */
static bool has_nothing(const struct stopped *here)
{
	if (tracking_is_over() || file_is_kept() || file_is_there() ||
	    trigger_macros())
		return false;
	if (forked ? !trigger_has_run() : !thread_captures())
		return true;
	return held_all(here);
}

/* After a leak check of the program's own there is no other scan. */
static void finish(const struct stopped *here, int status)
{
	bool nothing = has_nothing(here);
	int err = checked || nothing ? 0 : snapshot_take(TRIGGER_EXIT, here);

	if (nothing && !file_is_there())
		lastline_none();
	else
		lastline_end(status, err ? 0 : last_scan());
}

/* Whether it is a child of vfork, or of a system call made past libc. */
static bool is_foreign(void)
{
	if (!pid_is_vfork_child())
		return false;
	if (pid_has_copy())
		family_copied();
	return true;
}

void end_scan(const struct stopped *here, int status)
{
	int32_t tid = sys(SYS_gettid), nobody = 0;
	uint64_t old;

	if (!library_is_ready() || is_foreign() || owner == tid)
		return;
	if (!__atomic_compare_exchange_n(&owner, &nobody, tid, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		wait_for_end();
		return;
	}
	sys_set_mask(UINT64_MAX, &old);
	finish(here, status);
	family_left();
	__atomic_store_n(&scanned, true, __ATOMIC_RELEASE);
	signals_drop_ends(old);
	sys_set_mask(old, NULL);
}

void end_no_scan(void)
{
	__atomic_store_n(&checked, true, __ATOMIC_RELEASE);
}

void end_interpreter(bool last, uintptr_t sp)
{
	struct stopped here = stopped_from_sp(sp);

	if (!library_is_ready() || is_foreign() || is_owned())
		return;
	if (!forked || trigger_has_run())
		snapshot_take(TRIGGER_EXIT, &here);
	if (last) {
		trigger_off = true;
		end_no_scan();
	}
}

/* What the thread that runs exit handlers has in use: what it had in use
 * when it called exit; if libc called exit itself, what is above its first
 * function. */
static struct stopped exit_place(void)
{
	struct thread *self = thread_self;
	uintptr_t sp = (uintptr_t)FRAME;

	if (exit_tid == sys(SYS_gettid) && exit_sp)
		sp = exit_sp;
	else if (self && self->start_frame)
		sp = self->start_frame;
	return stopped_from_sp(sp);
}

__attribute__((destructor)) static void at_exit(void)
{
	struct stopped here = exit_place();

	end_scan(&here, exit_status);
}

/* Another program is about to replace this one. If that fails, this one goes
 * on. A forked child mostly does nothing else: it is not scanned, but is
 * counted when it may have lost a block. */
void end_exec(const char *path)
{
	struct stopped here = stopped_from_sp((uintptr_t)FRAME);
	uint32_t scan = 0;

	if (!forked && !snapshot_take(TRIGGER_EXIT, &here))
		scan = last_scan();
	if (scan && !file_is_kept() && !file_is_there())
		lastline_none();
	if (forked && trigger_has_run() && !held_all(&here))
		family_unscanned();
	if (config.follow)
		family_executes(path, scan, true);
}

void end_confined(void)
{
	struct stopped here = stopped_from_sp((uintptr_t)FRAME);

	if (!forked || trigger_has_run())
		snapshot_take(TRIGGER_EXIT, &here);
}

void end_now(int status, uintptr_t sp)
{
	struct stopped here = stopped_from_sp(sp);

	end_scan(&here, status & 0xff);
}

/* Only when the handler is ours. One of the program's may leave abort() by
 * longjmp, and what was noted would be wrong. */
void end_note_abort(uintptr_t sp)
{
	int32_t nobody = 0;

	if (signals_is_ours(SIGABRT) &&
	    __atomic_compare_exchange_n(&abort_tid, &nobody, sys(SYS_gettid),
					false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		abort_sp = sp;
}

struct stopped end_place(int sig, const void *ucontext)
{
	struct stopped here = stopped_from_signal(ucontext);

	return sig == SIGABRT && abort_tid == here.tid && here.sp < abort_sp
		       ? stopped_from_sp(abort_sp)
		       : here;
}

/* Only the first signal counts, whatever others come during the last scan. */
void end_note_signal(int sig)
{
	int none = 0;

	__atomic_compare_exchange_n(&end_signal, &none, sig, false,
				    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* Does what the signal would have done without us. Returns when the kernel
 * drops the signal (in the first process of a pid namespace): then the program
 * goes on, and so do we. */
void end_by_signal(const struct stopped *here)
{
	int sig = end_signal;
	uint64_t mask = 1ull << (sig - 1);

	end_scan(here, 128 + sig);
	signals_default(sig);
	sys(SYS_tgkill, sys(SYS_getpid), sys(SYS_gettid), sig);
	sys(SYS_rt_sigprocmask, 1 /* SIG_UNBLOCK */, &mask, 0, 8);
	signals_ours(sig);
	scanned = false;
	end_signal = 0;
	__atomic_store_n(&owner, 0, __ATOMIC_RELEASE);
}

void end_forked(void)
{
	owner = 0;
	end_signal = 0;
	scanned = checked = false;
	forked = true;
	exit_sp = 0;
	exit_tid = 0;
	abort_tid = 0;
	abort_sp = 0;
}
