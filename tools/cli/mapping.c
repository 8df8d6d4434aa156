/*
 * See mapping.h. A process maps its report. So the file is found whatever
 * became of its directory's name, its descriptor or its environment. The
 * process may be anybody's, and may only pretend.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/mapping.h"
#include "common/die.h"
#include "common/file.h"
#include "common/lines.h"
#include "model/parse.h"
#include "system/process.h"

#define HEAD_MOST (1 << 20) /* of a report's first line */

/* The pid of a process in its own namespace. */
static long long own_pid(pid_t pid)
{
	char value[256], *last;

	if (!process_status(pid, "NSpid", value))
		return pid;
	last = strrchr(value, '\t');
	return atoll(last ? last + 1 : value);
}

/* The pid of the process whose report this is, in its own namespace; 0: it is
 * no report. */
static long long report_pid(int fd)
{
	struct lines lines = lines_open(fd, HEAD_MOST);
	json_t *record = NULL;
	long long pid = 0;
	const char *line;
	size_t n;

	if (lines_peek(&lines) == '{' &&
	    lines_next(&lines, &line, &n) == LINE_WHOLE)
		record = line_parse(line, n);
	if (line_is_program(record))
		pid = json_integer_value(json_object_get(record, "pid"));
	json_decref(record);
	lines_free(&lines);
	lseek(fd, 0, SEEK_SET);
	return pid;
}

/* The kernel writes a newline in a path as \012. */
static void path_unescape(char *path)
{
	char *to = path;

	for (; *path; *to++ = *path++)
		if (!strncmp(path, "\\012", 4)) {
			*path += '\n' - '\\';
			memmove(path + 1, path + 4, strlen(path + 4) + 1);
		}
	*to = '\0';
}

static int under_proc_open(pid_t pid, const char *where, const char *name)
{
	struct stat status;
	char *path;
	int fd;

	if (asprintf(&path, "/proc/%d/%s%s", (int)pid, where, name) < 0)
		die(STATUS_FAILED, "out of memory");
	fd = regular_open(path, O_RDONLY, &status);
	free(path);
	return fd;
}

/* Opens the process's descriptor of this file, by the name that the kernel
 * shows for both. */
static int descriptor_open(pid_t pid, const char *name)
{
	char path[64], link[PATH_MAX + 16];
	struct dirent *entry;
	DIR *directory;
	int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	directory = opendir(path);
	while (directory && fd < 0 && (entry = readdir(directory))) {
		ssize_t n = readlinkat(dirfd(directory), entry->d_name, link,
				       sizeof(link) - 1);

		link[n > 0 ? n : 0] = '\0';
		if (n > 0 && !strcmp(link, name))
			fd = under_proc_open(pid, "fd/", entry->d_name);
	}
	if (directory)
		closedir(directory);
	return fd;
}

static bool is_deleted(const char *path)
{
	static const char mark[] = " (deleted)";
	size_t n = strlen(path);

	return n >= sizeof(mark) && !strcmp(path + n - sizeof(mark) + 1, mark);
}

/* Opens a mapping by its range, which also works for deleted files but needs
 * privileges; else by its path as the process sees it; else by a descriptor. */
static int mapping_open(pid_t pid, const char *range, const char *path)
{
	int fd = under_proc_open(pid, "map_files/", range);

	if (fd < 0)
		fd = under_proc_open(pid, "root", path);
	if (fd < 0 && is_deleted(path))
		fd = descriptor_open(pid, path);
	return fd;
}

/* What else the mappings of a process tell. */
struct mappings {
	long long pid;	 /* in its own namespace */
	bool library;	 /* it has our library */
	bool parents;	 /* it has a report of another process */
	uint64_t offset; /* of the report; of its own if there is one */
};

/* Opens the file of one line of /proc/PID/maps, when it is the process's own
 * report. A forked child has its parent's, until it has something to write. */
static int mapping_report(pid_t pid, char *line, struct mappings *seen)
{
	char range[64], mode[8];
	unsigned long offset, inode;
	long long whose;
	int at = 0, fd;

	if (sscanf(line, "%63s %7s %lx %*s %lu %n", range, mode, &offset,
		   &inode, &at) != 4 ||
	    !at || !inode || line[at] != '/')
		return -1;
	line[strcspn(line, "\n")] = '\0';
	path_unescape(line + at);
	seen->library |= strstr(strrchr(line, '/'), "libgordian.so") != NULL;
	if (strcmp(mode, "r--s"))
		return -1;
	fd = mapping_open(pid, range, line + at);
	if (fd < 0)
		return -1;
	whose = report_pid(fd);
	if (whose)
		seen->offset = offset;
	if (whose == seen->pid)
		return fd;
	seen->parents |= whose != 0;
	close(fd);
	return -1;
}

/* Says so when the process is another user's: only root can look into it. */
static void owner_tell(pid_t pid)
{
	char value[256];
	unsigned user;

	if (process_status(pid, "Uid", value) &&
	    sscanf(value, "%u", &user) == 1 && geteuid() && user != geteuid())
		die(STATUS_FAILED,
		    "process %d belongs to another user (%u): only that user "
		    "and root can ask it",
		    (int)pid, user);
}

int process_report(pid_t pid, bool *tracked)
{
	char path[64], *line = NULL;
	FILE *maps;
	struct mappings seen = {.pid = own_pid(pid)};
	pid_t thread = process_thread(pid);
	size_t room = 0;
	int fd = -1;

	if (kill(pid, 0) && errno == ESRCH)
		die(STATUS_FAILED, "there is no process %d", (int)pid);
	owner_tell(pid);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)thread);
	maps = fopen(path, "re");
	if (!maps)
		die(STATUS_FAILED, "cannot look into process %d: %s", (int)pid,
		    strerror(errno));
	while (fd < 0 && getline(&line, &room, maps) > 0)
		fd = mapping_report(thread, line, &seen);
	if (fd < 0 && ferror(maps))
		die(STATUS_FAILED, "cannot look into process %d: %s", (int)pid,
		    strerror(errno));
	free(line);
	fclose(maps);
	if (fd < 0 && !process_is_alive(pid))
		die(STATUS_FAILED, "process %d has ended", (int)pid);
	*tracked = fd >= 0 || seen.parents || seen.library;
	return fd;
}

uint64_t process_unanswered(pid_t pid)
{
	struct mappings seen = {.pid = own_pid(pid)};
	pid_t thread = process_thread(pid);
	char path[64], *line = NULL;
	size_t room = 0;
	FILE *maps;
	int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)thread);
	maps = fopen(path, "re");
	while (maps && fd < 0 && getline(&line, &room, maps) > 0)
		fd = mapping_report(thread, line, &seen);
	if (fd >= 0)
		close(fd);
	free(line);
	if (maps)
		fclose(maps);
	return seen.offset / 4096;
}
