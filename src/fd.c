/*
 * See fd.h. Raw system calls only; any thread, also in a signal handler.
 */
#include <fcntl.h>
#include <string.h>
#include "fd.h"
#include "out.h"
#include "sys.h"

int fd_high(long fd)
{
	uint64_t limit[2] = {1024, 1024};
	long high = -1, from;

	if (sys_failed(fd))
		return fd;
	sys(SYS_prlimit64, 0, 7 /* RLIMIT_NOFILE */, 0, limit);
	from = limit[0] > 1024 ? 1000 : (long)limit[0] - 8;
	if (from > fd)
		high = sys(SYS_fcntl, fd, F_DUPFD_CLOEXEC, from);
	if (high < 0)
		return fd;
	sys(SYS_close, fd);
	return high;
}

bool fd_is(const char *path, int fd)
{
	char link[40], target[4096];
	struct text t = {link, sizeof link, 0};
	size_t n = strlen(path);
	long got;

	if (fd < 0)
		return false;
	text_add(&t, "/proc/self/fd/");
	text_number(&t, fd);
	got = sys(SYS_readlink, link, target, sizeof target);
	return got >= (long)n && !memcmp(target, path, n);
}
