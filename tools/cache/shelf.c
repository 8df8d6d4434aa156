/*
 * See shelf.h. Only what the user owns counts: under sudo, HOME may be somebody
 * else's, and nothing is made there. ~/.cache may be a link, but neither the
 * folder in it nor a file of that.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/shelf.h"
#include "common/room.h"

static bool is_own(const struct stat *status)
{
	return status->st_uid == geteuid();
}

/* The user's own directory; or -1. */
static int directory_open(int at, const char *path, int flags)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
	struct stat status;

	if (fd >= 0 && !fstat(fd, &status) && is_own(&status))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The same in another, which is closed. It is made when it is not there. */
static int inner_open(int directory, const char *name, int flags)
{
	int fd;

	if (directory < 0)
		return -1;
	mkdirat(directory, name, 0700);
	fd = directory_open(directory, name, flags);
	close(directory);
	return fd;
}

/* The directory of all caches. */
static int caches_open(void)
{
	const char *caches = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (caches && *caches == '/')
		return directory_open(AT_FDCWD, caches, 0);
	if (!home || *home != '/')
		return -1;
	return inner_open(directory_open(AT_FDCWD, home, 0), ".cache", 0);
}

int shelf_open(void)
{
	int fd = inner_open(caches_open(), "gordian", O_NOFOLLOW);

	if (fd >= 0 && fchmod(fd, 0700)) {
		close(fd);
		return -1;
	}
	return fd;
}

static char *bytes_read(int fd, size_t n)
{
	char *bytes = malloc(n + !n);
	size_t done = 0;
	ssize_t part;

	while (bytes && done < n) {
		part = read(fd, bytes + done, n - done);
		if (part <= 0) {
			free(bytes);
			return NULL;
		}
		done += (size_t)part;
	}
	return bytes;
}

char *shelf_read(int shelf, const char *name, size_t *n)
{
	int fd = openat(shelf, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	char *bytes = NULL;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode) && is_own(&status) &&
	    status.st_size <= (off_t)SHELF_FILE_MOST) {
		*n = (size_t)status.st_size;
		bytes = bytes_read(fd, *n);
		futimens(fd, NULL);
	}
	close(fd);
	return bytes;
}

static bool bytes_write(int fd, const char *bytes, size_t n)
{
	ssize_t part;

	for (; n; bytes += part, n -= (size_t)part) {
		part = write(fd, bytes, n);
		if (part <= 0)
			return false;
	}
	return true;
}

struct book {
	char name[64];
	off_t size;
	struct timespec used;
};

static int by_use(const void *a, const void *b)
{
	const struct timespec *x = &((const struct book *)a)->used;
	const struct timespec *y = &((const struct book *)b)->used;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? 1 : -1;
	return (x->tv_nsec < y->tv_nsec) - (x->tv_nsec > y->tv_nsec);
}

/* The files, malloc'd; *n of them. */
static struct book *books_list(DIR *shelf, size_t *n)
{
	struct book *books = NULL, book;
	struct dirent *entry;
	struct stat status;
	size_t room = 0;

	*n = 0;
	while ((entry = readdir(shelf))) {
		if (strlen(entry->d_name) >= sizeof(book.name) ||
		    fstatat(dirfd(shelf), entry->d_name, &status,
			    AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(status.st_mode))
			continue;
		strcpy(book.name, entry->d_name);
		book.size = status.st_size;
		book.used = status.st_mtim;
		books = room_for(books, *n, &room, sizeof(*books));
		books[(*n)++] = book;
	}
	return books;
}

static void shelf_trim(int shelf)
{
	int fd = openat(shelf, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct book *books;
	off_t sum = 0;
	size_t i, n;

	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	books = books_list(directory, &n);
	if (books)
		qsort(books, n, sizeof(*books), by_use);
	for (i = 0; i < n; i++) {
		sum += books[i].size;
		if (i >= SHELF_FILES || sum > (off_t)SHELF_MOST)
			unlinkat(shelf, books[i].name, 0);
	}
	free(books);
	closedir(directory);
}

void shelf_write(int shelf, const char *name, const char *bytes, size_t n)
{
	char draft[64];
	bool done;
	int fd;

	if (n > SHELF_FILE_MOST)
		return;
	snprintf(draft, sizeof(draft), "draft.%ld", (long)getpid());
	unlinkat(shelf, draft, 0);
	fd = openat(shelf, draft,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	done = bytes_write(fd, bytes, n);
	done = !close(fd) && done;
	if (!done || renameat(shelf, draft, shelf, name))
		unlinkat(shelf, draft, 0);
	shelf_trim(shelf);
}
