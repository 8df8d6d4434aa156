/* See pid.h. */
#include <sys/mman.h>
#include "base/arena.h"
#include "base/sys.h"
#include "process/pid.h"

static int32_t pid;
/* A word that the kernel wipes in every process that gets a copy of this
 * memory. */
static volatile uint32_t *same;
static bool is_wiped; /* the kernel has agreed to wipe it, for good */

int32_t pid_own(void)
{
	return pid;
}

bool pid_has_program(void)
{
	return sys(SYS_getppid) == pid;
}

bool pid_is_vfork_child(void)
{
	return sys(SYS_getpid) != pid;
}

bool pid_has_copy(void)
{
	return is_wiped && !*same;
}

void pid_note(void)
{
	pid = sys(SYS_getpid);
}

void pid_make_mark(void)
{
	same = arena_map(sizeof *same);
}

void pid_mark_memory(void)
{
	if (same && !is_wiped)
		is_wiped = !sys(SYS_madvise, same, 4096, MADV_WIPEONFORK);
	if (is_wiped)
		*same = true;
}

void pid_unmark_memory(void)
{
	is_wiped = false;
	same = NULL;
}
