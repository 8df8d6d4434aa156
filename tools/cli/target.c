/*
 * Where the report is to be written. It is tried before PROGRAM runs, by the
 * library's rules (src/report/claim.c). Where others may make files, only files
 * of our own, and no links, are written to. A file that is no report is
 * overwritten nowhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/target.h"
#include "common/die.h"

#define UNNAMED "gordian.%p.jsonl" /* when the user names none */
#define BEGIN "{\"t\":\"program\",\"format\":\"gordian-lines/"

static void refuse(const char *shown, const char *why)
	__attribute__((noreturn));
static void refuse(const char *shown, const char *why)
{
	die(STATUS_RUN_FAILED, "cannot write the report '%s': %s%s", shown, why,
	    strcmp(shown, UNNAMED)
		    ? ""
		    : "; --report=FILE writes it elsewhere, --report=none "
		      "nowhere");
}

/* Tries to make a file in that directory, and removes it. */
static void directory_try(const char *directory, const char *shown)
{
	char *name;
	int fd;

	fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
		return;
	}
	if (asprintf(&name, "%s/.gordian-XXXXXX", directory) < 0)
		die(STATUS_RUN_FAILED, "out of memory");
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		refuse(shown, strerror(errno));
	close(fd);
	unlink(name);
	free(name);
}

/* Whether only we and root can have put anything there. */
static bool is_safe_place(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory = strndup(path, (size_t)(slash - path));
	struct stat st;
	bool safe;

	if (!directory)
		die(STATUS_RUN_FAILED, "out of memory");
	safe = !stat(*directory ? directory : "/", &st) &&
	       (!st.st_uid || st.st_uid == geteuid()) && !(st.st_mode & 022);
	free(directory);
	return safe;
}

/* Whether it is a report, or empty. One that was cut short is a report, too.
 * Other writers put spaces in. */
static bool is_report(int fd)
{
	char head[512], *at = head;
	const char *begin = BEGIN;
	ssize_t n = pread(fd, head, sizeof(head), 0);

	for (; n > 0 && *begin; n--, at++)
		if (*at != ' ' && *at != *begin++)
			return false;
	return n >= 0;
}

/* Empties the file, since a run overwrites it. */
static void file_empty(const char *path, const char *shown, bool safe)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
				    (safe ? 0 : O_NOFOLLOW));
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		refuse(shown, strerror(errno));
	if (!safe && st.st_uid != geteuid())
		refuse(shown, "it belongs to another user");
	if (!safe && st.st_nlink > 1)
		refuse(shown, "it has a second name (a hard link)");
	if (!is_report(fd))
		refuse(shown, "it is no report and is not overwritten");
	if (ftruncate(fd, 0))
		refuse(shown, strerror(errno));
	close(fd);
}

static void file_try(const char *path, const char *shown)
{
	bool safe = is_safe_place(path);
	struct stat st;
	int fd;

	if (lstat(path, &st)) {
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0)
			refuse(shown, strerror(errno));
		close(fd);
		unlink(path);
		return;
	}
	if (S_ISLNK(st.st_mode) && !safe)
		refuse(shown, "it is a link, in a directory where others may "
			      "make links");
	if (S_ISLNK(st.st_mode) && stat(path, &st))
		return; /* leads nowhere yet */
	if (S_ISDIR(st.st_mode))
		refuse(shown, "it is a directory");
	if (S_ISREG(st.st_mode))
		file_empty(path, shown, safe);
	else if (!safe && st.st_uid != geteuid())
		refuse(shown, "it belongs to another user");
	/* a device or a pipe is not tried: opening it may do things */
}

char *pattern_prepare(const char *pattern)
{
	const char *shown = pattern ? pattern : UNNAMED;
	char *here = NULL, *path, *slash;
	size_t n = strlen(shown);

	if (shown[n - 1] == '/')
		refuse(shown, "it is a directory");
	if (*shown == '/') {
		path = strdup(shown);
	} else {
		here = getcwd(NULL, 0);
		if (!here)
			die(STATUS_RUN_FAILED,
			    "cannot name the current directory: %s",
			    strerror(errno));
		if (asprintf(&path, "%s/%s", here, shown) < 0)
			path = NULL;
		free(here);
	}
	if (!path)
		die(STATUS_RUN_FAILED, "out of memory");
	slash = strrchr(path, '/');
	if (!strstr(path, "%p") && !strstr(path, "%n")) {
		file_try(path, shown);
		return path;
	}
	*slash = '\0'; /* only where its name is known by now */
	if (!strstr(path, "%p") && !strstr(path, "%n"))
		directory_try(*path ? path : "/", shown);
	*slash = '/';
	return path;
}
