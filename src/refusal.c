/*
 * See refusal.h.
 */
#include <errno.h>
#include <sys/stat.h>
#include "file.h"
#include "refusal.h"
#include "sys.h"
#include "triggers.h"

/* A second process in a new pid namespace would become its first. */
bool refusal_would_be_init(void)
{
	struct stat mine, childrens;

	return !sys(SYS_stat, "/proc/self/ns/pid", &mine) &&
	       !sys(SYS_stat, "/proc/self/ns/pid_for_children", &childrens) &&
	       mine.st_ino != childrens.st_ino;
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
	file_failure(text, asked, &told);
}

int refusal_closed(enum trigger trigger, uint32_t n)
{
	uint32_t told = true;

	if (trigger == TRIGGER_REQUEST)
		file_failure("a scan could not be made: the program has "
			     "confined itself",
			     n, &told);
	return -EAGAIN;
}
