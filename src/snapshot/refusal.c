/*
 * See refusal.h.
 */
#include <errno.h>
#include <sys/stat.h>
#include "base/sys.h"
#include "process/tally.h"
#include "report/warning.h"
#include "snapshot/budget.h"
#include "snapshot/cgroup.h"
#include "snapshot/refusal.h"
#include "snapshot/triggers.h"

/* The bytes that a child needs for a small heap, and for each block. */
#define LEAST (8ull << 20)
#define OF_BLOCK 64

/* Whether the child would become the first process of a new pid namespace. */
static bool would_be_init(void)
{
	struct stat mine, childrens;

	return !sys(SYS_stat, "/proc/self/ns/pid", &mine) &&
	       !sys(SYS_stat, "/proc/self/ns/pid_for_children", &childrens) &&
	       mine.st_ino != childrens.st_ino;
}

/* Whether a child that finds no memory would be the end of all. What the
 * program writes while the child reads is copied: assume at most half of it. */
static bool would_end_all(enum trigger trigger)
{
	uint64_t left = cgroup_left(), needed = LEAST;

	if (left == UINT64_MAX)
		return false;
	needed += (uint64_t)tally_blocks() * OF_BLOCK;
	if (trigger != TRIGGER_EXIT)
		needed += budget_watch() * 4096 / 2;
	return left < needed;
}

int refusal_now(enum trigger trigger)
{
	if (would_be_init())
		return -ECHILD;
	return would_end_all(trigger) ? -EDQUOT : 0;
}

void refusal_tell(int err, uint32_t asked)
{
	static uint32_t told;
	const char *text = "a scan could not be made: no memory or no "
			   "permission for a second process";

	if (err == -ENOENT || err == -ESRCH)
		text = "a scan could not be made: /proc is not that of this "
		       "process";
	if (err == -ECHILD)
		text = "a scan could not be made: a second process would be "
		       "the first of a pid namespace";
	if (err == -EMFILE || err == -ENFILE)
		text = "a scan could not be made: no descriptor is free";
	if (err == -EDQUOT)
		text = "a scan could not be made: too little memory is left to "
		       "the control group, whose processes all end when it "
		       "has none";
	warning_failure(text, asked, &told);
}

int refusal_closed(enum trigger trigger, uint32_t n)
{
	uint32_t told = true;

	if (trigger == TRIGGER_REQUEST)
		warning_failure("a scan could not be made: the program has "
				"confined itself",
				n, &told);
	return -EAGAIN;
}
