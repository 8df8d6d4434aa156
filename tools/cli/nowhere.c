/*
 * See nowhere.h. Programs that root runs may give up its rights before they
 * have something to report: in root's directory anybody may make a file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/nowhere.h"
#include "common/die.h"

static char *directory;

static void remove_all(void)
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(directory);
}

char *nowhere_prepare(void)
{
	const char *place = getenv("TMPDIR");
	char *pattern;

	if (!place || *place != '/')
		place = "/tmp";
	if (asprintf(&directory, "%s/gordian-XXXXXX", place) < 0)
		die(STATUS_RUN_FAILED, "out of memory");
	if (!mkdtemp(directory))
		die(STATUS_RUN_FAILED, "cannot make a directory in '%s': %s",
		    place, strerror(errno));
	atexit(remove_all);
	if (!geteuid() && chmod(directory, 01777))
		die(STATUS_RUN_FAILED, "cannot open '%s' to others: %s",
		    directory, strerror(errno));
	if (asprintf(&pattern, "%s/%%p.jsonl", directory) < 0)
		die(STATUS_RUN_FAILED, "out of memory");
	return pattern;
}
