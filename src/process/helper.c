/* See helper.h. */
#include <link.h>
#include "process/helper.h"
#include "process/pid.h"
#include "process/real.h"
#include "process/task.h"
#include "process/thread.h"

/* Whether the program made the thread: such threads begin in a function of
 * ours. */
static bool is_programs(int32_t tid)
{
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		if (t->tid == tid)
			return t->start_frame != 0;
	return false;
}

static bool is_in_libc(uintptr_t pc)
{
	struct dl_find_object found;
	uintptr_t libc = (uintptr_t)real.sigaction;

	return pc && !_dl_find_object((void *)libc, &found) &&
	       pc >= (uintptr_t)found.dlfo_map_start &&
	       pc < (uintptr_t)found.dlfo_map_end;
}

bool helper_waits(int32_t tid, const struct task *task, uint64_t mask)
{
	return task->state == 'S' && task->blocked & mask && tid != pid_own() &&
	       !is_programs(tid) && is_in_libc(task_waits_at(tid));
}
