/*
 * See request.h. The signal would kill a process that does not expect it. So it
 * is sent only to one that has a report and a handler. Whatever the process
 * writes, this command ends.
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

#include "base/request.h"
#include "cli/asked.h"
#include "cli/mapping.h"
#include "cli/options.h"
#include "cli/request.h"
#include "cli/verb.h"
#include "common/die.h"
#include "common/lines.h"
#include "model/parse.h"
#include "system/process.h"

#define WAIT_SECONDS 60
#define POLL_MS 3
#define FLOOD (1ul << 30) /* no scan writes so much */
#define TRACED_POLLS 300  /* a tracer holds a process at each call */
/* So long a process may take to have the library, or its handler; ... */
#define SOON_POLLS 60
#define START_POLLS 2000 /* ... when it has shown that it will */
#define AGAIN_SECONDS 15 /* without an answer */
#define LOOK_POLLS 100	 /* polls between looks whether it can answer */

pid_t pid_read(const struct verb *verb, const char *word)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || errno || pid < 1 ||
	    pid > 0x7fffffff)
		usage_die(verb, "'%s' is no process id", word);
	return (pid_t)pid;
}

/* How far the report was read. */
struct request {
	const struct wanted *wanted;
	struct asked asked;
	time_t sent;	     /* 0: not yet, or no more */
	int deaf;	     /* how often in a row it could not be sent */
	bool begins;	     /* what it runs has been executed just now */
	struct lines lines;  /* fd -1: no report yet */
	uint64_t seen;	     /* the last scan before */
	uint64_t most;	     /* how many bytes of it may be read */
	uint64_t unanswered; /* the count of request.h, before */
	int looks;
	time_t end;
	int traced; /* how often it was seen traced */
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
	die(STATUS_FAILED, "process %d has not %s within %d seconds",
	    (int)request->asked.pid, request->wanted->done, WAIT_SECONDS);
}

/* A warning that answers says why there is no answer. */
static void refusal_look(const struct request *request, const json_t *record)
{
	const char *text = json_string_value(json_object_get(record, "text"));

	if (record_is(record, "warning") && text &&
	    json_object_get(record, "scan"))
		die(STATUS_FAILED, "process %d: %s", (int)request->asked.pid,
		    text);
}

/* Notes the last scan that is there before the request. */
static void scan_note(struct request *request, const json_t *record)
{
	json_int_t n = json_integer_value(json_object_get(record, "n"));

	if (record_is(record, "scan") && n > 0 && (uint64_t)n > request->seen)
		request->seen = (uint64_t)n;
}

/* Whether the line is worth a closer look. */
static bool may_count(const struct request *request, const char *line,
		      size_t length)
{
	const char *type = request->wanted->type;

	return memmem(line, length, "\"scan\"", 6) ||
	       memmem(line, length, type, strlen(type));
}

static bool line_take(struct request *request, const json_t *record,
		      bool answer)
{
	if (!answer) {
		scan_note(request, record);
		return false;
	}
	refusal_look(request, record);
	return record_is(record, request->wanted->type) &&
	       request->wanted->answers(record, request->seen,
					request->wanted->data);
}

/* Reads the lines that have come since. answer: whether one of them answers.
 * A line that is only half written stays for the next time. */
static bool lines_take(struct request *request, bool answer)
{
	bool found = false;
	const char *line;
	json_t *record;
	enum line kind;
	size_t length;

	while (!found && (kind = lines_next(&request->lines, &line, &length))) {
		if (kind == LINE_LONG || request->lines.bytes > request->most)
			die(STATUS_FAILED,
			    "the report of process %d is damaged",
			    (int)request->asked.pid);
		if (time(NULL) > request->end)
			late_die(request);
		if (!may_count(request, line, length) ||
		    !(record = line_parse(line, length)))
			continue;
		found = line_take(request, record, answer);
		json_decref(record);
	}
	return found;
}

static void poll_pause(void)
{
	struct timespec pause = {.tv_nsec = POLL_MS * 1000000};

	nanosleep(&pause, NULL);
}

static void end_die(const struct request *request)
{
	die(STATUS_FAILED, "process %d ended before it had %s",
	    (int)request->asked.pid, request->wanted->done);
}

/* Whether the process can take the request now: not while it executes a
 * program. */
static bool can_send(struct request *request)
{
	pid_t pid = request->asked.pid;
	bool begins = request->begins || process_ignores_requests(pid);

	if (process_takes_requests(pid)) {
		request->deaf = 0;
		return true;
	}
	if (++request->deaf > (begins ? START_POLLS : SOON_POLLS) &&
	    !asked_has_ended(&request->asked))
		die(STATUS_FAILED,
		    "process %d takes no requests: it set another handler for "
		    "signal %d",
		    (int)pid, GORDIAN_SIGNAL);
	return false;
}

/* Sends the request. Sends it again when it may have been ignored, or when
 * nothing has come for long. */
static void request_send(struct request *request)
{
	time_t now = time(NULL);

	if ((request->sent && now < request->sent + AGAIN_SECONDS) ||
	    !can_send(request))
		return;
	if (!asked_send(&request->asked, GORDIAN_SIGNAL,
			request->wanted->value))
		request->sent =
			process_ignores_requests(request->asked.pid) ? 0 : now;
	else if (errno == ESRCH)
		end_die(request);
	else if (errno != EAGAIN)
		die(STATUS_FAILED, "cannot send a request to process %d: %s",
		    (int)request->asked.pid, strerror(errno));
}

/* A process whose report is gone, or that has none yet, makes one to answer
 * with. */
static void report_follow(struct request *request)
{
	int fd = request->lines.fd, other;
	struct stat old, new;
	bool tracked;

	if (fd >= 0 && (fstat(fd, &old) || old.st_nlink))
		return;
	other = process_report(request->asked.pid, &tracked);
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
	char state = process_state(request->asked.pid);

	request->traced = state == 't' ? request->traced + 1 : 0;
	if (state == 'T' || request->traced > TRACED_POLLS)
		die(STATUS_FAILED,
		    "process %d is stopped (by a %s): it can answer when it "
		    "goes on",
		    (int)request->asked.pid,
		    state == 'T' ? "signal" : "debugger");
	return !asked_has_ended(&request->asked);
}

/* Finds the report of what the process runs now, and the scans in it so far. */
static void request_begin(struct request *request)
{
	pid_t pid = request->asked.pid;
	bool tracked = false;
	int fd = -1, i, most;

	for (i = 0; !tracked; i++) {
		if (request->begins && asked_has_ended(&request->asked))
			end_die(request);
		most = process_preloads(pid) ? START_POLLS : SOON_POLLS;
		fd = process_report(pid, &tracked);
		if (!tracked && (i > most || time(NULL) > request->end))
			die(STATUS_FAILED,
			    "process %d does not run under Gordian", (int)pid);
		if (!tracked)
			poll_pause();
	}
	report_use(request, fd);
	request->sent = 0;
	request->most = UINT64_MAX;
	request->seen = 0;
	if (fd >= 0)
		lines_take(request, false);
	request->most = request->lines.bytes + FLOOD;
	request->unanswered = process_unanswered(pid);
}

/* Looks for the answer. It may be that no line could be written: then this ends
 * the command. */
static bool answer_look(struct request *request)
{
	uint64_t page;

	if (!request->sent || ++request->looks % LOOK_POLLS)
		return false;
	page = process_unanswered(request->asked.pid);
	if (!page || page == request->unanswered)
		return false;
	/* it may have come just now */
	if (request->lines.fd >= 0 && lines_take(request, true))
		return true;
	die(STATUS_FAILED, "process %d has %s, but cannot write its report: %s",
	    (int)request->asked.pid, request->wanted->done,
	    strerror(UNANSWERED_WHY(page)));
}

/* An executed program knows nothing of the request. */
static void answer_wait(struct request *request)
{
	bool alive = true, executed;

	while (alive && time(NULL) <= request->end) {
		alive = may_answer(request); /* before the last look */
		executed = asked_has_executed(&request->asked);
		if (request->lines.fd >= 0 && lines_take(request, true))
			return;
		if (!alive)
			end_die(request);
		if (executed) {
			request->begins = true;
			request_begin(request);
		}
		request_send(request);
		poll_pause();
		report_follow(request);
		if (answer_look(request))
			return;
	}
	late_die(request);
}

int request_make(pid_t pid, const struct wanted *wanted)
{
	struct request request = {.lines = {.fd = -1}, .wanted = wanted};

	request.asked = asked_open(process_behind_command(pid));
	request.end = time(NULL) + WAIT_SECONDS;
	request_begin(&request);
	answer_wait(&request);
	lines_free(&request.lines);
	return request.lines.fd;
}
