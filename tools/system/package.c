/*
 * See package.h.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"
#include "system/package.h"

#define LISTS "/var/lib/dpkg/info"
#define LIST_MOST (16 << 20) /* larger ones are damaged */

/* The whole file, ended by a 0, malloc'd; NULL: it cannot be had. */
static char *file_text(const char *path)
{
	struct stat status;
	int fd = regular_open(path, O_RDONLY, &status);
	char *text = NULL;
	ssize_t n = -1;

	if (fd < 0)
		return NULL;
	if (status.st_size < LIST_MOST)
		text = malloc((size_t)status.st_size + 1);
	if (text)
		n = read(fd, text, (size_t)status.st_size);
	close(fd);
	if (n < 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

/* Whether one of the lines is that path, or /usr and that path. */
static bool has_line(const char *text, const char *path)
{
	size_t n = strlen(path);
	const char *at;

	for (at = text; (at = strstr(at, path)); at += n)
		if ((at[n] == '\n' || !at[n]) && at > text &&
		    (at[-1] == '\n' ||
		     (at - text >= 5 && text_begins(at - 5, "\n/usr"))))
			return true;
	return false;
}

static bool list_has(const char *list, const char *path)
{
	char name[512];
	char *text;
	bool has;

	snprintf(name, sizeof(name), LISTS "/%s", list);
	text = file_text(name);
	has = text && has_line(text, path);
	free(text);
	return has;
}

char *package_of(const char *path)
{
	DIR *lists = path[0] == '/' && path[1] ? opendir(LISTS) : NULL;
	const struct dirent *entry;
	const char *ending;
	char *package = NULL, *end;

	/* /lib is /usr/lib; lists have either */
	if (text_begins(path, "/usr/"))
		path += strlen("/usr");
	while (lists && !package && (entry = readdir(lists))) {
		ending = strrchr(entry->d_name, '.');
		if (ending && !strcmp(ending, ".list") &&
		    list_has(entry->d_name, path))
			package = strndup(entry->d_name,
					  strcspn(entry->d_name, ":"));
	}
	if (lists)
		closedir(lists);
	if (package && (end = strstr(package, ".list")) && !end[5])
		*end = '\0';
	return package;
}
