/*
 * See limits.h.
 */
#include <signal.h>
#include <sys/resource.h>
#include "base/arena.h"
#include "base/config.h"
#include "base/sys.h"
#include "process/real.h"
#include "snapshot/limits.h"
#include "snapshot/shared.h"

#define MEMORY_LEAST (64ul << 20)
#define SECONDS_LEAST 10
#define PAGES_A_SECOND 4096 /* a tenth of what a scan looks at in a second */

static void end_late(int sig)
{
	(void)sig;
	sys(SYS_exit_group, CHILD_LATE);
}

void limits_time(struct shared *shared, uint64_t program_pages)
{
	struct sigaction action = {.sa_handler = end_late};
	uint64_t limit[2], mask = 1ull << (SIGXCPU - 1);

	if (sys(SYS_prlimit64, 0, RLIMIT_CPU, 0, limit))
		return;
	limit[0] = SECONDS_LEAST + program_pages / PAGES_A_SECOND;
	if (limit[0] >
	    limit[1]) /* the program's own limit, for all its children */
		limit[0] = limit[1];
	shared->limit_s = limit[0];
	sigfillset(&action.sa_mask);
	real.sigaction(SIGXCPU, &action, NULL);
	sys(SYS_prlimit64, 0, RLIMIT_CPU, limit, 0);
	sys(SYS_rt_sigprocmask, 1 /* SIG_UNBLOCK */, &mask, 0, 8);
}

static uint64_t half_of(uint64_t program_pages)
{
	uint64_t bytes = program_pages * 4096 / 2;

	return bytes < MEMORY_LEAST ? MEMORY_LEAST : bytes;
}

void limits_memory(uint64_t program_pages)
{
	arena_limit(config.memory ? config.memory : half_of(program_pages));
}

void limits_declare(uint64_t program_pages)
{
	if (!config.memory)
		arena_allow(3 * half_of(program_pages));
}
