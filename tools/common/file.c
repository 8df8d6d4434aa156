/*
 * See file.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/file.h"

int regular_open(const char *path, int flags, struct stat *status)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0 && (fstat(fd, status) || !S_ISREG(status->st_mode))) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}
