/*
 * See fd.h. Raw system calls only; any thread, also in a signal handler.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
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

static struct {
	int fd;
	dev_t dev;
	ino_t ino;
} proc = {.fd = -1};

void fd_init(void)
{
	struct stat st;

	proc.fd = fd_high(
		sys(SYS_open, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (proc.fd < 0 || sys(SYS_fstat, proc.fd, &st))
		return;
	proc.dev = st.st_dev;
	proc.ino = st.st_ino;
}

int fd_proc(void)
{
	struct stat st;

	if (proc.fd < 0 || sys(SYS_fstat, proc.fd, &st) ||
	    st.st_dev != proc.dev || st.st_ino != proc.ino)
		return -1;
	return proc.fd;
}

bool fd_is(const char *end, int fd)
{
	char link[40], target[256];
	struct text t = {link, sizeof link, 0};
	size_t n = strlen(end);
	int proc = fd_proc();
	long got;

	if (fd < 0)
		return false;
	text_add(&t, "/proc/self/fd/");
	text_number(&t, fd);
	got = sys(SYS_readlinkat, proc >= 0 ? proc : AT_FDCWD,
		  proc >= 0 ? link + 6 : link, target, sizeof target);
	return got >= (long)n && !memcmp(target + got - n, end, n);
}

long fd_open_proc(const char *path, int flags)
{
	char whole[128];
	struct text t = {whole, sizeof whole, 0};
	int fd = fd_proc();

	if (fd >= 0)
		return sys(SYS_openat, fd, path, flags | O_CLOEXEC);
	text_add(&t, "/proc/");
	text_add(&t, path);
	return sys(SYS_open, whole, flags | O_CLOEXEC);
}
