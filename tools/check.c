/*
 * The verb `check`: asks a running process for a scan and prints what it
 * found. The process maps its report, which is how the file is found whatever
 * became of its name's directory, its descriptor or its environment. The
 * signal would kill a process that does not expect it: it is sent only to one
 * that has such a report and a handler.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../src/request.h"
#include "model.h"
#include "tool.h"

#define WAIT_SECONDS 60
#define POLL_MS 3

static pid_t pid_read(const char *word)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || errno || pid < 1 ||
	    pid > 0x7fffffff)
		die(STATUS_FAILED, "'%s' is no process id", word);
	return (pid_t)pid;
}

/* The value of "Key:\t..." in /proc/PID/status, into value; false without. */
static bool status_read(pid_t pid, const char *key, char value[256])
{
	size_t n = strlen(key);
	char path[64], line[256];
	bool there = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && !there && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, n) || line[n] != ':')
			continue;
		line[strcspn(line, "\n")] = '\0';
		strcpy(value, line + n + 1 + strspn(line + n + 1, " \t"));
		there = true;
	}
	if (file)
		fclose(file);
	return there;
}

static bool is_alive(pid_t pid)
{
	char state[256];

	return status_read(pid, "State", state) && state[0] != 'Z' &&
	       state[0] != 'X';
}

/* The pid as the process itself sees it, in its own namespace. */
static long long pid_inside(pid_t pid)
{
	char value[256], *last;

	if (!status_read(pid, "NSpid", value))
		return pid;
	last = strrchr(value, '\t');
	return atoll(last ? last + 1 : value);
}

static bool takes_requests(pid_t pid)
{
	char value[256];

	return status_read(pid, "SigCgt", value) &&
	       strtoull(value, NULL, 16) >> (GORDIAN_SIGNAL - 1) & 1;
}

/* The process whose report this is, as it knows itself; 0: it is none. */
static long long report_pid(FILE *file)
{
	json_t *record = NULL;
	char *line = NULL;
	size_t room = 0;
	long long pid = 0;
	ssize_t n = 0;

	if (getc(file) == '{') {
		rewind(file);
		n = getline(&line, &room, file);
	}
	if (n > 0)
		record = line_parse(line, (size_t)n);
	free(line);
	if (line_is_program(record))
		pid = json_integer_value(json_object_get(record, "pid"));
	json_decref(record);
	rewind(file);
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

/* A mapping by its range where we may (that works for deleted files), else by
 * its path as the process sees it; regular files only. */
static FILE *mapping_open(pid_t pid, const char *range, const char *path)
{
	struct stat status;
	FILE *file = NULL;
	char *name;
	int fd, try;

	for (try = 0; !file && try < 2; try++) {
		if (asprintf(&name, "/proc/%d/%s%s", (int)pid,
			     try ? "root" : "map_files/",
			     try ? path : range) < 0)
			die(STATUS_FAILED, "out of memory");
		fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		free(name);
		if (fd >= 0 && !fstat(fd, &status) && S_ISREG(status.st_mode))
			file = fdopen(fd, "r");
		if (fd >= 0 && !file)
			close(fd);
	}
	return file;
}

/* One line of /proc/PID/maps, when it is the process's own report: the file.
 * A forked child has its parent's, until it has something to say. */
static FILE *mapping_report(pid_t pid, char *line, bool *parents)
{
	char range[64], mode[8];
	unsigned long inode;
	long long whose;
	FILE *file;
	int at = 0;

	if (sscanf(line, "%63s %7s %*s %*s %lu %n", range, mode, &inode, &at) !=
		    3 ||
	    !at || !inode || strcmp(mode, "r--s") || line[at] != '/')
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	path_unescape(line + at);
	file = mapping_open(pid, range, line + at);
	if (!file)
		return NULL;
	whose = report_pid(file);
	if (whose == pid_inside(pid))
		return file;
	*parents |= whose != 0;
	fclose(file);
	return NULL;
}

/* `gordian run … &` leaves the command's own PID in $!: what it runs is meant.
 * The PID itself when it is not this command, or has no child. */
static pid_t behind_command(pid_t pid)
{
	char path[64], own[PATH_MAX] = "", its[PATH_MAX] = "";
	FILE *children;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	if (readlink("/proc/self/exe", own, sizeof(own) - 1) <= 0 ||
	    readlink(path, its, sizeof(its) - 1) <= 0 || strcmp(own, its))
		return pid;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		 (int)pid);
	children = fopen(path, "re");
	if (!children || fscanf(children, "%d", &child) != 1)
		child = pid;
	if (children)
		fclose(children);
	return child;
}

/* NULL for a forked child that has none yet. */
static FILE *report_find(pid_t pid)
{
	char path[64], *line = NULL;
	FILE *maps, *file = NULL;
	bool parents = false;
	size_t room = 0;

	if (kill(pid, 0) && errno == ESRCH)
		die(STATUS_FAILED, "there is no process %d", (int)pid);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (!maps)
		die(STATUS_FAILED, "cannot look into process %d: %s", (int)pid,
		    strerror(errno));
	while (!file && getline(&line, &room, maps) > 0)
		file = mapping_report(pid, line, &parents);
	if (!file && ferror(maps))
		die(STATUS_FAILED, "cannot look into process %d: %s", (int)pid,
		    strerror(errno));
	free(line);
	fclose(maps);
	if (!file && !is_alive(pid))
		die(STATUS_FAILED, "process %d has ended", (int)pid);
	if (!file && !parents)
		die(STATUS_FAILED, "process %d does not run under Gordian",
		    (int)pid);
	return file;
}

/* A warning that answers a request: why there is no scan. */
static void failure_say(const json_t *record, pid_t pid)
{
	const char *text = json_string_value(json_object_get(record, "text"));

	if (text && json_object_get(record, "scan"))
		die(STATUS_FAILED, "process %d: %s", (int)pid, text);
}

/* Reads the lines that have come since: the number of the last scan, or of
 * the first after `seen` that was requested (of pid, else 0). What is only half
 * written stays for the next time. */
static uint64_t scans_read(FILE *file, uint64_t seen, pid_t requested)
{
	char *line = NULL;
	size_t room = 0;
	uint64_t last = 0;
	long start;
	ssize_t n;

	clearerr(file);
	for (;;) {
		const char *trigger;
		json_t *record;
		uint64_t number;

		start = ftell(file);
		n = getline(&line, &room, file);
		if (n <= 0 || line[n - 1] != '\n') {
			fseek(file, start, SEEK_SET);
			break;
		}
		if (!strstr(line, "\"scan\"") ||
		    !(record = line_parse(line, (size_t)n)))
			continue;
		trigger = json_string_value(json_object_get(record, "trigger"));
		number = (uint64_t)json_integer_value(
			json_object_get(record, "n"));
		if (strcmp(json_string_value(json_object_get(record, "t")),
			   "scan"))
			number = 0;
		if (requested)
			failure_say(record, requested);
		if (number > last &&
		    (!requested ||
		     (number > seen && trigger && !strcmp(trigger, "request"))))
			last = number;
		json_decref(record);
		if (requested && last)
			break;
	}
	free(line);
	return last;
}

static void request_send(pid_t pid)
{
	union sigval value = {.sival_int = GORDIAN_REQUEST};

	if (!takes_requests(pid))
		die(STATUS_FAILED,
		    "process %d takes no requests: it set another handler for "
		    "signal %d",
		    (int)pid, GORDIAN_SIGNAL);
	if (sigqueue(pid, GORDIAN_SIGNAL, value))
		die(STATUS_FAILED, "cannot send a request to process %d: %s",
		    (int)pid, strerror(errno));
}

/* A process whose report is gone, or that has none yet, makes one to answer
 * with. */
static FILE *report_follow(FILE *file, pid_t pid)
{
	struct stat old, new;
	FILE *other;

	if (!file)
		return report_find(pid);
	if (fstat(fileno(file), &old) || old.st_nlink)
		return file;
	other = report_find(pid);
	if (!other)
		return file;
	if (!fstat(fileno(other), &new) && old.st_ino == new.st_ino &&
	    old.st_dev == new.st_dev) {
		fclose(other);
		return file;
	}
	fclose(file);
	return other;
}

/* The number of the scan that answers. */
static uint64_t answer_wait(FILE **file, pid_t pid, uint64_t seen)
{
	struct timespec pause = {.tv_nsec = POLL_MS * 1000000};
	uint64_t n = 0;
	time_t end = time(NULL) + WAIT_SECONDS;
	bool alive = true;

	while (!n && alive && time(NULL) <= end) {
		alive = is_alive(pid); /* before the last look */
		n = *file ? scans_read(*file, seen, pid) : 0;
		if (n || !alive)
			break;
		nanosleep(&pause, NULL);
		*file = report_follow(*file, pid);
	}
	if (!n && !alive)
		die(STATUS_FAILED, "process %d ended before it had scanned",
		    (int)pid);
	if (!n)
		die(STATUS_FAILED,
		    "process %d has not scanned within %d seconds", (int)pid,
		    WAIT_SECONDS);
	return n;
}

int check_main(const struct settings *settings, char **operands)
{
	struct report *report;
	uint64_t scan;
	FILE *file;
	bool good;
	pid_t pid;

	if (!operands[0])
		usage_die(&verb_check, "no PID given");
	if (operands[1])
		usage_die(&verb_check, "one PID only, not '%s' as well",
			  operands[1]);
	pid = behind_command(pid_read(operands[0]));
	file = report_find(pid);
	scan = file ? scans_read(file, 0, 0) : 0;
	request_send(pid);
	scan = answer_wait(&file, pid, scan);
	report = report_new();
	rewind(file);
	good = report_read_stream(report, file, "the report", scan);
	fclose(file);
	if (good) {
		report_finish(report);
		report_render(report, settings->format, stdout);
		if (fflush(stdout))
			die(STATUS_FAILED,
			    "cannot write to standard output: "
			    "%s",
			    strerror(errno));
		good = !report_damages(report);
	}
	report_free(report);
	return good ? 0 : STATUS_FAILED;
}
