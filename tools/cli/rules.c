/* See rules.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/statement.h"
#include "cli/rules.h"
#include "common/die.h"
#include "common/file.h"

#define COMPLAINTS 8

struct checking {
	const char *path;
	unsigned wrong;
};

static void use(const struct statement *statement, void *data)
{
	(void)statement;
	(void)data;
}

static void refuse(uint32_t line, const char *why, void *data)
{
	struct checking *checking = data;

	if (checking->wrong++ < COMPLAINTS)
		complain("%s:%u: %s", checking->path, line, why);
}

/* As the library sees it: it obeys nobody else where everybody may make files.
 */
static bool is_anothers(const char *whole, const struct stat *file)
{
	const char *slash = strrchr(whole, '/');
	struct stat place;
	bool is_open;
	char *name;

	if (!file->st_uid || file->st_uid == geteuid())
		return false;
	name = strndup(whole, slash == whole ? 1 : (size_t)(slash - whole));
	if (!name)
		die(STATUS_RUN_FAILED, "out of memory");
	is_open = stat(name, &place) || place.st_mode & S_IWOTH;
	free(name);
	return is_open;
}

static int text_open(const char *path, const char *whole, struct stat *status)
{
	int fd = regular_open(whole, O_RDONLY, status);

	if (fd < 0)
		die(STATUS_RUN_FAILED, "cannot open '%s': %s", path,
		    errno == EINVAL ? "it is no regular file"
				    : strerror(errno));
	if (status->st_size > (off_t)RULES_FILE_MOST)
		die(STATUS_RUN_FAILED,
		    "cannot use '%s': it is larger than 1 MB", path);
	if (is_anothers(whole, status))
		die(STATUS_RUN_FAILED,
		    "cannot use '%s': it belongs to another user, in a "
		    "directory where everybody may make files",
		    path);
	return fd;
}

static char *text_read(const char *path, const char *whole, size_t *n)
{
	struct stat status;
	int fd = text_open(path, whole, &status);
	ssize_t got = 1;
	char *text = malloc((size_t)status.st_size + 1);

	if (!text)
		die(STATUS_RUN_FAILED, "out of memory");
	for (*n = 0; got > 0 && *n<(size_t)status.st_size; *n += got> 0
			     ? (size_t)got
			     : 0)
		got = read(fd, text + *n, (size_t)status.st_size - *n);
	if (got < 0)
		die(STATUS_RUN_FAILED, "cannot read '%s': %s", path,
		    strerror(errno));
	close(fd);
	return text;
}

char *rules_check(const char *path)
{
	struct checking checking = {path, 0};
	const struct statements to = {use, refuse, &checking};
	char *text, *whole = realpath(path, NULL);
	size_t n;

	if (!whole)
		die(STATUS_RUN_FAILED, "cannot open '%s': %s", path,
		    strerror(errno));
	text = text_read(path, whole, &n);
	statements_read(&to, text, n);
	free(text);
	if (checking.wrong)
		die(STATUS_RUN_FAILED, "nothing was run: %u bad %s in '%s'",
		    checking.wrong, checking.wrong == 1 ? "line" : "lines",
		    path);
	return whole;
}
