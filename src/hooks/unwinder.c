/* See unwinder.h. */
#include <stddef.h>
#include "hooks/unwinder.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/thread.h"
#include "stack/unwind.h"

/* A child of vfork would open it for its parent. */
void unwinder_open(void)
{
	struct thread *self;

	if (!library_is_ready() || pid_is_vfork_child())
		return;
	self = guard_enter(FRAME);
	if (!self)
		return;
	unwind_open_wanted();
	guard_leave(self, NULL);
}
