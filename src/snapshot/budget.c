/*
 * See budget.h. The account is filled with time and emptied by the costs of
 * scans. It must cover the next scan before that begins, so the sum of all
 * costs stays below the share. Written under the stop lock, but for what hooks
 * spend. Read without it: a race makes a scan early or late by a moment.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "base/config.h"
#include "base/fd.h"
#include "base/sys.h"
#include "base/text.h"
#include "process/pid.h"
#include "snapshot/budget.h"

/* The share of this much time may pile up. A user who names a threshold or an
 * interval wants scans from the start. Otherwise a server's first seconds are
 * to be like its later ones. */
#define AT_ONCE_US 1000000ull
#define AT_ONCE_ASKED_US 4000000ull

/* For 4 KiB, with the fault: 2.5 to 4 on a virtual machine, less on a real
 * one. */
#define COPY_US 3

static int64_t level_us;
static uint64_t at_us;	  /* when it had that level */
static uint64_t spent_us; /* spent, but not yet taken off the account */
static uint64_t last_us;

static uint64_t share(uint64_t us)
{
	return us * config.budget / 10000;
}

static uint64_t at_once(void)
{
	return config.threshold || config.interval_us ? AT_ONCE_ASKED_US
						      : AT_ONCE_US;
}

/* What is on the account now. No more than `most` piles up. */
static int64_t level_now(uint64_t now, uint64_t most)
{
	int64_t level = level_us + (now > at_us ? share(now - at_us) : 0);

	if (most < share(at_once()))
		most = share(at_once());
	if (level > (int64_t)most)
		level = most;
	return level - __atomic_load_n(&spent_us, __ATOMIC_RELAXED);
}

bool budget_allows(uint64_t now, uint64_t expected_us)
{
	int64_t level = level_now(now, expected_us);

	return level > 0 && level >= (int64_t)expected_us;
}

uint64_t budget_when(uint64_t now, uint64_t expected_us)
{
	int64_t missing = (expected_us ? (int64_t)expected_us : 1) -
			  level_now(now, expected_us);

	if (missing <= 0)
		return now;
	if (!config.budget)
		return UINT64_MAX;
	if (now < at_us)
		now = at_us;
	return now + (missing * 10000ull + config.budget - 1) / config.budget;
}

void budget_spend(uint64_t us)
{
	__atomic_fetch_add(&spent_us, us, __ATOMIC_RELAXED);
}

uint64_t budget_last_us(void)
{
	return last_us;
}

void budget_charge(uint64_t now, uint64_t cost_us)
{
	uint64_t spent = __atomic_exchange_n(&spent_us, 0, __ATOMIC_RELAXED);

	last_us = cost_us;
	cost_us += spent;
	level_us = level_now(now, cost_us) - (int64_t)cost_us;
	if (now > at_us)
		at_us = now;
}

uint64_t budget_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

/* The first share is given in advance. */
void budget_init(uint64_t now)
{
	at_us = now + at_once();
	level_us = share(at_once());
	spent_us = 0;
}

uint64_t budget_cost_us(uint64_t cpu_us, uint64_t pause_us, uint64_t copied)
{
	return cpu_us + pause_us + copied * COPY_US;
}

uint64_t budget_cpu_us(const struct rusage *use)
{
	return (use->ru_utime.tv_sec + use->ru_stime.tv_sec) * 1000000ull +
	       use->ru_utime.tv_usec + use->ru_stime.tv_usec;
}

uint64_t budget_faults(void)
{
	struct rusage use = {0};

	sys(SYS_getrusage, RUSAGE_SELF, &use);
	return use.ru_minflt;
}

/* The n-th field behind the name in /proc/PID/stat. */
static uint64_t stat_field(const char *stat, int n)
{
	const char *at = strrchr(stat, ')');
	uint64_t number = 0;

	for (; at && n; n--)
		at = strchr(at + 1, ' ');
	for (; at && at[1] >= '0' && at[1] <= '9'; at++)
		number = number * 10 + (at[1] - '0');
	return number;
}

static uint64_t first_resident; /* resident pages when the child first looked */

static void look(uint64_t *faults, uint64_t *resident)
{
	char path[32], stat[1024];
	struct text t = {path, sizeof path, 0};

	*faults = *resident = 0;
	if (pid_has_program())
		text_number(&t, pid_own());
	else
		text_add(&t, "self"); /* as large as the program, but with the
					 child's own faults */
	text_add(&t, "/stat");
	if (!fd_read_text(fd_open_proc(path, O_RDONLY), stat, sizeof stat))
		return;
	*faults = pid_has_program() ? stat_field(stat, 8) : 0;
	*resident = stat_field(stat, 22);
}

uint64_t budget_watch(void)
{
	uint64_t faults;

	look(&faults, &first_resident);
	return first_resident;
}

/* The kernel adds up what each processor counts of a process: some tens of
 * pages late. A huge page is 512. */
#define LATE 256

/* A fault that copies a page leaves the program as large as it was. One that
 * gives it a new page makes it larger. When it grows by more than its faults,
 * they gave it huge pages, and any of them may have copied. */
uint64_t budget_copied(uint64_t faults_before)
{
	uint64_t faults, resident, grown;

	look(&faults, &resident);
	if (faults <= faults_before)
		return 0;
	faults -= faults_before;
	grown = resident > first_resident ? resident - first_resident : 0;
	if (grown <= faults)
		return faults - grown;
	return grown - faults <= LATE ? 0 : faults;
}
