/*
 * See fd.h. Raw system calls only; any thread, also in a signal handler.
 */
#include <fcntl.h>
#include "base/fd.h"
#include "base/sys.h"
#include "base/text.h"

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

long fd_open_proc(const char *path, int flags)
{
	char whole[128];
	struct text t = {whole, sizeof whole, 0};

	text_add(&t, "/proc/");
	text_add(&t, path);
	return sys(SYS_openat, AT_FDCWD, whole, flags | O_CLOEXEC);
}

size_t fd_read_text(long fd, char *text, size_t room)
{
	long n = -1;

	if (!sys_failed(fd)) {
		n = sys(SYS_read, fd, text, room - 1);
		sys(SYS_close, fd);
	}
	text[n > 0 ? n : 0] = 0;
	return n > 0 ? n : 0;
}
