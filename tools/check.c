/*
 * The verb `check`: asks a running process for a scan and prints what it
 * found. The signal would kill a process that does not expect it: it is sent
 * only to one that has a report and a handler.
 */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../src/request.h"
#include "model.h"
#include "process.h"
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

	if (!process_takes_requests(pid))
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
		return process_report(pid);
	if (fstat(fileno(file), &old) || old.st_nlink)
		return file;
	other = process_report(pid);
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
		alive = process_is_alive(pid); /* before the last look */
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
	pid = process_behind_command(pid_read(operands[0]));
	file = process_report(pid);
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
