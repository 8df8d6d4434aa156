/* See closing.h. */
#include <limits.h>
#include <sys/resource.h>
#include "base/config.h"
#include "base/sys.h"
#include "snapshot/closing.h"

#define DESCRIPTORS_MAX 65536

/* Before Linux 5.9, and under a filter that does not know the call. As many
 * descriptors as a server may have, when there is no limit. */
static void close_each(int low, int high)
{
	uint64_t limit[2] = {1024, 1024};

	sys(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, limit);
	if (high > DESCRIPTORS_MAX)
		high = DESCRIPTORS_MAX;
	for (; low < high && (uint64_t)low < limit[0]; low++)
		sys(SYS_close, low);
}

/* Closes [low, high), but for one descriptor. */
static void close_but(int low, int high, int keep)
{
	if (keep >= low && keep < high) {
		close_but(low, keep, -1);
		low = keep + 1;
	}
	if (low < high && sys(SYS_close_range, low, high - 1, 0))
		close_each(low, high);
}

/* A pipe or a listening socket that stays open here stays open for its peers.
 * The summary needs descriptor 2. */
void close_others(int report)
{
	close_but(config.plain || config.debug ? 3 : 0, INT_MAX, report);
}
