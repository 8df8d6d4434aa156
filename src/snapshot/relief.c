/*
 * See relief.h. The threads are stopped, so nobody is inside the guard, and
 * only there the tables are read. What is large goes back: the records of
 * blocks, the stacks, what each thread remembers. Hooks find no table
 * afterwards, and hand all calls on.
 *
 * Takes the stop lock, with all signals blocked.
 */
#include <errno.h>
#include <stdint.h>
#include "base/out.h"
#include "base/pages.h"
#include "base/sys.h"
#include "heap/heap.h"
#include "heap/overflow.h"
#include "process/altstack.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/park.h"
#include "process/pid.h"
#include "process/room.h"
#include "process/signals.h"
#include "process/stop.h"
#include "process/task.h"
#include "process/thread.h"
#include "process/tracking.h"
#include "refs/refs.h"
#include "report/warning.h"
#include "snapshot/copy.h"
#include "snapshot/reap.h"
#include "snapshot/relief.h"
#include "snapshot/trigger.h"
#include "stack/depot_node.h"
#include "stack/depot_table.h"
#include "stack/rule.h"
#include "stack/stack.h"

#define TRIES 20		 /* to stop the threads */
#define SLACK (256ul << 10)	 /* an allocator asks for more at a time */
#define STATIC_BYTES (1ul << 20) /* of ours, outside the arena */

/* Whether a call that asks for so much has failed because of us. Without a
 * limit the kernel refuses what is not there, or what is promised. */
static bool would_help(size_t need)
{
	size_t left = room_left(), ours = pages_total() + STATIC_BYTES;

	if (left == SIZE_MAX)
		return room_is_promised() && need <= ours;
	return need <= SIZE_MAX / 2 && left < need + SLACK &&
	       need <= left + ours;
}

static int stop_all(void)
{
	int signal = signals_for_stop(task_is_traced());
	int tries, err = -EAGAIN;

	for (tries = 0; tries < TRIES && (err == -EAGAIN || err == -EBUSY);
	     tries++) {
		if (tries)
			sys_pause_us(tries * 500);
		err = stop_threads(false, signal);
	}
	return err;
}

static void give_back(void)
{
	tracking_end();
	if (thread_all_have_records())
		heap_give_back();
	else
		heap_stop();
	refs_stop();
	stack_stop();
	thread_forget();
	depot_table_stop();
	depot_node_stop();
	rules_stop();
	copy_stop();
	trigger_off = true;
}

/* Runs on a stack of ours, since the program's may be small. */
static long give(void *unused)
{
	int err;

	(void)unused;
	reap(true);
	err = stop_all();
	if (!err) {
		give_back();
		park_close();
		park_stop();
	}
	task_close();
	return err;
}

static long give_on_stack(struct thread *self)
{
	uintptr_t sp = (uintptr_t)FRAME;

	if (!self || !self->signal_stack ||
	    altstack_has(self->signal_stack, sp))
		return give(NULL);
	return sys_on_stack(self->signal_stack + ALTSTACK_SIZE, give, NULL);
}

static void say_given(void)
{
	const char *text =
		tracking_has_lost()
			? "not enough memory: a block could not be "
			  "recorded, nothing is tracked any more"
			: "not enough memory for the program: nothing "
			  "is tracked any more";

	out_note(text);
	warning_missing(text);
}

/* Outside the guard. No signal is let in while the lock is held. */
static bool end_tracking(void)
{
	uint64_t old;
	bool first = false;

	if (!library_is_ready() || pid_is_vfork_child() || stop_is_held())
		return false;
	for (sys_set_mask(UINT64_MAX, &old); stop_trylock();
	     sys_set_mask(UINT64_MAX, NULL)) {
		sys_set_mask(old & ~stop_mask(), NULL);
		sys_pause_us(200);
	}
	if (!tracking_is_over())
		first = !give_on_stack(thread_self);
	stop_unlock();
	if (first)
		say_given();
	sys_set_mask(old, NULL);
	return tracking_is_over();
}

bool relief_outside(size_t need)
{
	struct thread *self = thread_self;
	int saved = errno;
	bool given_now;

	if (tracking_is_over() || !library_is_ready() ||
	    (self && self->inside && !guard_is_stale(self, (uintptr_t)FRAME)))
		return false;
	given_now = would_help(need) && end_tracking();
	errno = saved;
	return given_now;
}

bool relief_for(struct thread *self, size_t need)
{
	int saved = errno;

	if (!self || tracking_is_over())
		return false;
	guard_leave(self, NULL);
	errno = saved;
	return relief_outside(need);
}

void relief_before(size_t need)
{
	size_t left;

	if (tracking_is_over() || !library_is_ready())
		return;
	left = room_left();
	if (left < need)
		relief_outside(left);
}

/* Any thread, inside the guard. */
static void note_lost(void)
{
	struct thread *self = thread_self;

	tracking_note_lost();
	if (self)
		__atomic_fetch_or(&self->pending, PENDING_LOST,
				  __ATOMIC_RELEASE);
}

void relief_serve(void)
{
	int saved = errno;

	if (tracking_has_lost() && !tracking_is_over())
		end_tracking();
	errno = saved;
}

void relief_init(void)
{
	overflow_lost = note_lost;
}
