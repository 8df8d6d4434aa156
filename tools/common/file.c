/*
 * See file.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

/* Reads up to the end; NULL with errno. */
static char *all_read(int fd, size_t most, size_t *n)
{
	size_t room = 4096;
	char *text = malloc(room), *larger;
	ssize_t got = 1;

	for (*n = 0; text && got; *n += (size_t)got) {
		if (*n + 1 == room) {
			larger = realloc(text, room *= 2);
			if (!larger)
				free(text);
			text = larger;
		}
		do
			got = text ? read(fd, text + *n, room - *n - 1) : 0;
		while (got < 0 && errno == EINTR);
		if (got >= 0 && *n + (size_t)got <= most)
			continue;
		errno = got < 0 ? errno : EFBIG;
		free(text);
		return NULL;
	}
	if (text)
		text[*n] = '\0';
	return text;
}

char *file_bytes(const char *path, size_t most, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), error;
	char *text;

	if (fd < 0)
		return NULL;
	text = all_read(fd, most, n);
	error = errno;
	close(fd);
	errno = error;
	return text;
}
