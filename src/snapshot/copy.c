/*
 * See copy.h. Runs with the stop lock held and all signals blocked.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include "base/arena.h"
#include "base/proc.h"
#include "base/sys.h"
#include "heap/range.h"
#include "process/park.h"
#include "process/silent.h"
#include "process/stop.h"
#include "process/task.h"
#include "process/tracking.h"
#include "scan/freeze.h"
#include "snapshot/child.h"
#include "snapshot/copy.h"
#include "snapshot/frozen.h"
#include "snapshot/pause.h"
#include "snapshot/reap.h"
#include "snapshot/triggers.h"

#define CHILD_STACK (1 << 20)

static long run(void *snapshot)
{
	child_run(snapshot);
	return 0;
}

/* With the threads stopped. The pause is from `since` to the release. */
static int clone_child(const struct snapshot *snapshot, char *stack,
		       uint64_t since)
{
	long pid;

	if (tracking_has_lost() || tracking_is_over()) {
		park_close();
		return -ENOMEM;
	}
	if (proc_is_kept() && proc_note_maps()) {
		park_close();
		return -ENOENT;
	}
	snapshot->shared->pause_us = UINT32_MAX;
	freeze_begin(&snapshot->shared->late.freeze);
	ranges_show(true);
	pid = sys(SYS_clone, CLONE_UNTRACED, 0, 0, 0, 0);
	if (!pid)
		sys_on_stack(stack + CHILD_STACK, run, (void *)snapshot);
	ranges_show(false);
	if (!sys_failed(pid)) {
		park_unshare();
		freeze_wait(&snapshot->shared->late.freeze,
			    triggers_must(snapshot->trigger));
	}
	snapshot->shared->late.unsure = !silent_is_sure();
	park_close();
	__atomic_store_n(&snapshot->shared->pause_us,
			 sys_now_ns() / 1000 - since, __ATOMIC_RELEASE);
	sys(SYS_futex, &snapshot->shared->pause_us, FUTEX_WAKE, 1);
	if (sys_failed(pid)) /* EAGAIN: as many processes as there may be */
		return pid == -EAGAIN ? -ENOMEM : pid;
	reap_begin(pid, snapshot->asked);
	return 0;
}

static char *stack; /* the child's */

int copy_make(const struct snapshot *snapshot, bool must)
{
	int err;

	if (!stack)
		stack = arena_map(CHILD_STACK);
	if (!stack)
		return -ENOMEM;
	err = pause_begin(must);
	if (err)
		return err;
	err = clone_child(snapshot, stack, stop_began_us());
	task_close();
	if (!err)
		pause_tell();
	return err;
}

void copy_stop(void)
{
	arena_unmap(stack, CHILD_STACK);
	stack = NULL;
}
