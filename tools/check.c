/*
 * The verb `check`: asks a running process for a scan and prints what it
 * found. The signal would kill a process that does not expect it: it is sent
 * only to one that has a report and a handler. Whatever the process writes,
 * this ends.
 */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../src/request.h"
#include "lines.h"
#include "model.h"
#include "process.h"
#include "tool.h"

#define WAIT_SECONDS 60
#define POLL_MS 3
#define FLOOD (1ul << 30) /* no scan has so much to say */
#define TRACED_POLLS 300  /* a tracer holds a process at each call */

static pid_t pid_read(const char *word)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || errno || pid < 1 ||
	    pid > 0x7fffffff)
		usage_die(&verb_check, "'%s' is no process id", word);
	return (pid_t)pid;
}

/* What is asked of a process, and what has come of its report. */
struct request {
	pid_t pid;
	struct lines lines; /* fd -1: no report yet */
	uint64_t seen;	    /* the last scan before */
	uint64_t most;	    /* bytes of it that are read */
	time_t end;
	int traced; /* times that it was seen so */
};

static void report_use(struct request *request, int fd)
{
	lines_free(&request->lines);
	if (request->lines.fd >= 0)
		close(request->lines.fd);
	request->lines = lines_open(fd, LINE_MOST);
	request->lines.follows = true;
}

static void late_die(const struct request *request)
{
	die(STATUS_FAILED, "process %d has not scanned within %d seconds",
	    (int)request->pid, WAIT_SECONDS);
}

/* The number of the scan that a record closes, or 0; of an answer's alone when
 * it is waited for. A warning that answers says why there is no scan. */
static uint64_t scan_closed(const struct request *request, const json_t *record,
			    bool answer)
{
	const char *type = json_string_value(json_object_get(record, "t"));
	const char *text = json_string_value(json_object_get(record, "text"));
	const char *trigger =
		json_string_value(json_object_get(record, "trigger"));
	json_int_t n = json_integer_value(json_object_get(record, "n"));

	if (answer && text && json_object_get(record, "scan"))
		die(STATUS_FAILED, "process %d: %s", (int)request->pid, text);
	if (strcmp(type, "scan") || n < 0)
		return 0;
	if (answer && ((uint64_t)n <= request->seen || !trigger ||
		       strcmp(trigger, "request")))
		return 0;
	return (uint64_t)n;
}

/* Reads the lines that have come since: the number of the last scan, or of the
 * first that answers. What is only half written stays for the next time. */
static uint64_t scans_read(struct request *request, bool answer)
{
	uint64_t last = 0, n;
	const char *line;
	json_t *record;
	enum line kind;
	size_t length;

	while (!(answer && last) &&
	       (kind = lines_next(&request->lines, &line, &length))) {
		if (kind == LINE_LONG)
			die(STATUS_FAILED,
			    "the report of process %d is damaged",
			    (int)request->pid);
		if (time(NULL) > request->end)
			late_die(request);
		if (!memmem(line, length, "\"scan\"", 6) ||
		    !(record = line_parse(line, length)))
			continue;
		n = scan_closed(request, record, answer);
		last = n > last ? n : last;
		json_decref(record);
	}
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
static void report_follow(struct request *request)
{
	int fd = request->lines.fd, other;
	struct stat old, new;

	if (fd >= 0 && (fstat(fd, &old) || old.st_nlink))
		return;
	other = process_report(request->pid);
	if (other < 0)
		return;
	if (fd >= 0 && !fstat(other, &new) && old.st_ino == new.st_ino &&
	    old.st_dev == new.st_dev)
		close(other);
	else
		report_use(request, other);
}

/* False when it has ended; ends the command when it is stopped. */
static bool may_answer(struct request *request)
{
	char state = process_state(request->pid);

	request->traced = state == 't' ? request->traced + 1 : 0;
	if (state == 'T' || request->traced > TRACED_POLLS)
		die(STATUS_FAILED,
		    "process %d is stopped (by a %s): it can answer when it "
		    "goes on",
		    (int)request->pid, state == 'T' ? "signal" : "debugger");
	return process_is_alive(request->pid);
}

/* The number of the scan that answers. */
static uint64_t answer_wait(struct request *request)
{
	struct timespec pause = {.tv_nsec = POLL_MS * 1000000};
	uint64_t n = 0;
	bool alive = true;

	while (!n && alive && time(NULL) <= request->end) {
		alive = may_answer(request); /* before the last look */
		n = request->lines.fd < 0 ? 0 : scans_read(request, true);
		if (n || !alive)
			break;
		nanosleep(&pause, NULL);
		report_follow(request);
	}
	if (!n && !alive)
		die(STATUS_FAILED, "process %d ended before it had scanned",
		    (int)request->pid);
	if (!n)
		late_die(request);
	return n;
}

/* Prints the report up to that scan. */
static bool report_print(const struct settings *settings, int fd, uint64_t scan)
{
	struct report *report = report_new();
	bool good;

	report->is_part = true;
	lseek(fd, 0, SEEK_SET);
	good = report_read_file(report, fd, "the report", LINE_MOST, scan);
	if (good) {
		report_finish(report);
		report_render(report, settings->format, stdout);
		if (fflush(stdout))
			die(STATUS_FAILED,
			    "cannot write to standard output: %s",
			    strerror(errno));
		good = !report_damages(report);
	}
	report_free(report);
	return good;
}

int check_main(const struct settings *settings, char **operands)
{
	struct request request = {.lines = {.fd = -1}};
	uint64_t scan;

	if (!operands[0])
		usage_die(&verb_check, "no PID given");
	if (operands[1])
		usage_die(&verb_check, "one PID only, not '%s' as well",
			  operands[1]);
	request.pid = process_behind_command(pid_read(operands[0]));
	request.most = UINT64_MAX;
	request.end = time(NULL) + WAIT_SECONDS;
	report_use(&request, process_report(request.pid));
	may_answer(&request);
	if (request.lines.fd >= 0)
		request.seen = scans_read(&request, false);
	request.most = request.lines.bytes + FLOOD;
	request_send(request.pid);
	scan = answer_wait(&request);
	lines_free(&request.lines);
	return report_print(settings, request.lines.fd, scan) ? 0
							      : STATUS_FAILED;
}
