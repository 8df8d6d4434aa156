/* A small heap is looked at although there are only 16 MB of address space more
 * than are in use. */
#include <sys/resource.h>
#include "victim.h"

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void limit(unsigned long more)
{
	struct rlimit limit = {0, 0};
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (!file || fscanf(file, "%lu", &pages) != 1)
		_exit(77);
	fclose(file);
	limit.rlim_cur = limit.rlim_max = pages * getpagesize() + more;
	if (setrlimit(RLIMIT_AS, &limit))
		_exit(77);
}

int main(void)
{
	say("expect lost count=1 bytes=100 members=1 function=lose");
	say("total findings=1 lost=1");
	say("warning none");
	limit(16 << 20);
	away(lose);
	return 0;
}
