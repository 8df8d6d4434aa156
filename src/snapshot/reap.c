/*
 * See reap.h. No hook enters the kernel for a child that is at work: the child
 * says in the shared memory that it has done. From then on a hook tries once a
 * tick of the coarse clock. It tries rarely without that, since the child may
 * have been killed.
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "base/sys.h"
#include "process/guard.h"
#include "report/file.h"
#include "report/warning.h"
#include "scan/learn.h"
#include "snapshot/budget.h"
#include "snapshot/failure.h"
#include "snapshot/image.h"
#include "snapshot/reap.h"
#include "snapshot/shared.h"

#define TRY_US 4000	     /* while it ends */
#define TRY_RARELY_US 100000 /* while it works */
#define SOON 100	     /* times a millisecond */

static int32_t child;  /* pid, 0: none */
static uint32_t asked; /* what the child answers, see struct snapshot */
static uint32_t told_room;
static uint64_t tried_us;

void reap_begin(int32_t pid, uint32_t scan)
{
	asked = scan;
	__atomic_store_n(&child, pid, __ATOMIC_RELEASE);
	guard_look_for(LOOK_FOR_END, true);
}

static void charge(const struct rusage *use)
{
	const struct shared *shared = shared_memory();

	budget_charge(budget_now_us(),
		      budget_cost_us(budget_cpu_us(use), shared->pause_us,
				     shared->copied));
}

static void forget(void)
{
	__atomic_store_n(&child, 0, __ATOMIC_RELEASE);
	guard_look_for(LOOK_FOR_END, false);
}

/* A scan that said nothing gives its number to the next. */
static void take_back(struct shared *shared)
{
	shared->voided = 0;
	shared->scan--;
	shared->done = shared->scan;
	shared->late.unripe = 1;
}

/* Takes over what the child has told. */
static void learn_from(struct shared *shared)
{
	learn_all(&shared->late.learned);
	if (shared->voided == shared->scan && shared->scan)
		take_back(shared);
}

static bool has_failed(const struct shared *shared)
{
	return shared->questioned ? asked && !shared->answered
				  : shared->done != shared->scan;
}

static bool is_unwritten(const struct shared *shared)
{
	return shared->questioned
		       ? shared->answered == ANSWERED_IN_VAIN
		       : shared->good != asked && shared->voided != asked;
}

bool reap(bool wait)
{
	struct shared *shared = shared_memory();
	struct rusage use = {0};
	int status = 0;
	long got;

	if (!child)
		return true;
	do
		got = sys(SYS_wait4, child, &status,
			  __WALL | (wait ? 0 : WNOHANG), &use);
	while (got == -EINTR);
	if (!got)
		return false;
	charge(&use);
	if (has_failed(shared))
		failure_tell(&use, got < 0 ? FAILURE_UNSEEN : status, asked);
	else if (asked && is_unwritten(shared))
		file_unanswered();
	if (shared->image)
		image_forget();
	learn_from(shared);
	forget();
	return true;
}

bool reap_soon(void)
{
	struct shared *shared = shared_memory();
	int i;

	if (!child)
		return false;
	for (i = 0; i < SOON; i++) {
		if (reap(false))
			return true;
		sys_pause_us(1000);
	}
	sys(SYS_kill, child, SIGKILL);
	if (shared->done != shared->scan)
		warning_failure("a scan was ended early: the program could "
				"make no more processes and needed its place",
				asked, &told_room);
	shared->done = shared->scan;
	return reap(true);
}

void reap_await(void)
{
	siginfo_t info;

	while (sys(SYS_waitid, P_PID, child, &info,
		   WEXITED | WNOWAIT | __WALL) == -EINTR)
		;
}

void reap_forked(void)
{
	forget();
}

bool reap_is_there(void)
{
	return __atomic_load_n(&child, __ATOMIC_ACQUIRE) != 0;
}

bool reap_is_at_work(void)
{
	int32_t pid = __atomic_load_n(&child, __ATOMIC_ACQUIRE);
	siginfo_t info = {0};

	return pid &&
	       !sys(SYS_waitid, P_PID, pid, &info,
		    WEXITED | WNOHANG | WNOWAIT | __WALL) &&
	       !info.si_pid;
}

bool reap_is_due(uint64_t now)
{
	const struct shared *shared = shared_memory();
	uint64_t tried = __atomic_load_n(&tried_us, __ATOMIC_RELAXED);
	bool done;

	if (!reap_is_there())
		return false;
	done = __atomic_load_n(&shared->done, __ATOMIC_RELAXED) == shared->scan;
	if (now - tried < (done ? TRY_US : TRY_RARELY_US))
		return false;
	return __atomic_compare_exchange_n(&tried_us, &tried, now, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}
