/*
 * fork(3) runs these handlers, and so do hooks of calls that make copies past
 * it. No lock of ours is then held by a thread that the child does not have,
 * and no scan is under way. The child begins a report of its own once it has
 * something to write, and does not answer for its parent's blocks.
 */
#include <errno.h>
#include <pthread.h>
#include "base/proc.h"
#include "heap/heap.h"
#include "heap/range.h"
#include "hooks/end.h"
#include "hooks/fork.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/stop.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "report/family.h"
#include "report/file.h"
#include "rules/redirect.h"
#include "snapshot/audit.h"
#include "snapshot/reap.h"
#include "snapshot/snapshot.h"
#include "snapshot/trigger.h"
#include "stack/rule.h"
#include "stack/stack.h"

static __thread struct thread *inside
	__attribute__((tls_model("initial-exec")));

static void prepare(void)
{
	family_begin();
	stop_lock();
	reap(false); /* the scan's child may take the new process' place */
	inside = guard_enter(FRAME);
	thread_fork_prepare();
	stack_fork_prepare();
	refs_fork_prepare();
	heap_fork_prepare();
	ranges_fork_prepare();
}

static void drop(void)
{
	ranges_fork_done();
	heap_fork_done();
	refs_fork_done();
	stack_fork_done();
	thread_fork_done();
}

static void in_parent(void)
{
	drop();
	stop_unlock();
	if (inside)
		guard_leave(inside, NULL);
}

static void in_child(void)
{
	drop();
	refs_forked();
	stop_forked();
	file_forked();
	proc_forked();
	snapshot_forked();
	pid_note();
	pid_mark_memory();
	thread_forked();
	rules_forked();
	heap_inherit();
	ranges_forked();
	end_forked();
	family_forked();
	trigger_forked();
	audit_forked();
	redirect_forked();
	if (inside)
		guard_leave(inside, NULL);
}

void fork_init(void)
{
	pthread_atfork(prepare, in_parent, in_child);
}

struct forking fork_begin(void)
{
	struct forking forking = {
		.followed = library_is_ready() && !pid_is_vfork_child(),
	};

	if (!forking.followed)
		return forking;
	forking.place = family_reserve();
	prepare();
	return forking;
}

void fork_end(struct forking forking, long pid)
{
	int saved = errno;

	if (!forking.followed)
		return;
	if (pid) {
		in_parent();
		family_begun(forking.place, pid);
	} else {
		in_child();
	}
	errno = saved;
}
