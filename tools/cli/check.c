/*
 * The verb `check`: asks a running process for a scan and prints what it found.
 * The signal would kill a process that does not expect it. So it is sent only
 * to one that has a report and a handler. Whatever the process writes, this
 * command ends.
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
#include "cli/accepted.h"
#include "cli/asked.h"
#include "cli/check.h"
#include "cli/mapping.h"
#include "cli/options.h"
#include "cli/verb.h"
#include "common/die.h"
#include "common/lines.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/parse.h"
#include "model/source.h"
#include "render/render.h"
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

/* What is asked of a process, and how far its report was read. */
struct request {
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
	die(STATUS_FAILED, "process %d has not scanned within %d seconds",
	    (int)request->asked.pid, WAIT_SECONDS);
}

/* The number of the scan that a record closes, or 0. answer: only of the scan
 * that is waited for. A warning that answers says why there is no scan. */
static uint64_t scan_closed(const struct request *request, const json_t *record,
			    bool answer)
{
	const char *type = json_string_value(json_object_get(record, "t"));
	const char *text = json_string_value(json_object_get(record, "text"));
	const char *trigger =
		json_string_value(json_object_get(record, "trigger"));
	json_int_t n = json_integer_value(json_object_get(record, "n"));

	if (answer && text && json_object_get(record, "scan"))
		die(STATUS_FAILED, "process %d: %s", (int)request->asked.pid,
		    text);
	if (strcmp(type, "scan") || n < 0)
		return 0;
	if (answer && ((uint64_t)n <= request->seen || !trigger ||
		       strcmp(trigger, "request")))
		return 0;
	return (uint64_t)n;
}

/* Reads the lines that have come since. The number of the last scan, or, when
 * it waits for the answer, of the first scan that answers. A line that is only
 * half written stays for the next time. */
static uint64_t scans_read(struct request *request, bool answer)
{
	uint64_t last = 0, n;
	const char *line;
	json_t *record;
	enum line kind;
	size_t length;

	while (!(answer && last) &&
	       (kind = lines_next(&request->lines, &line, &length))) {
		if (kind == LINE_LONG || request->lines.bytes > request->most)
			die(STATUS_FAILED,
			    "the report of process %d is damaged",
			    (int)request->asked.pid);
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

static void poll_pause(void)
{
	struct timespec pause = {.tv_nsec = POLL_MS * 1000000};

	nanosleep(&pause, NULL);
}

static void end_die(const struct request *request)
{
	die(STATUS_FAILED, "process %d ended before it had scanned",
	    (int)request->asked.pid);
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
	if (!asked_send(&request->asked, GORDIAN_SIGNAL, GORDIAN_REQUEST))
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
	request->seen = fd < 0 ? 0 : scans_read(request, false);
	request->most = request->lines.bytes + FLOOD;
	request->unanswered = process_unanswered(pid);
}

/* Looks for the answer. It may be that no line could be written: then this ends
 * the command. */
static uint64_t answer_look(struct request *request)
{
	uint64_t page, n;

	if (!request->sent || ++request->looks % LOOK_POLLS)
		return 0;
	page = process_unanswered(request->asked.pid);
	if (!page || page == request->unanswered)
		return 0;
	/* it may have come just now */
	n = request->lines.fd < 0 ? 0 : scans_read(request, true);
	if (!n)
		die(STATUS_FAILED,
		    "process %d has scanned, but cannot write its report: "
		    "%s",
		    (int)request->asked.pid, strerror(UNANSWERED_WHY(page)));
	return n;
}

/* The number of the scan that answers. An executed program knows nothing of
 * the request. */
static uint64_t answer_wait(struct request *request)
{
	uint64_t n = 0;
	bool alive = true, executed;

	while (!n && alive && time(NULL) <= request->end) {
		alive = may_answer(request); /* before the last look */
		executed = asked_has_executed(&request->asked);
		n = request->lines.fd < 0 ? 0 : scans_read(request, true);
		if (n || !alive)
			break;
		if (executed) {
			request->begins = true;
			request_begin(request);
		}
		request_send(request);
		poll_pause();
		report_follow(request);
		n = answer_look(request);
	}
	if (!n && !alive)
		end_die(request);
	if (!n)
		late_die(request);
	return n;
}

/* Prints the report up to that scan. Lines damaged before it are told. The
 * answer is good if the scan itself is whole. */
static bool report_print(const struct settings *settings, int fd, uint64_t scan,
			 struct accepted *accepted)
{
	struct report *report = report_new();
	bool good;

	report->is_part = true;
	lseek(fd, 0, SEEK_SET);
	good = report_read_file(report, fd, "the report", LINE_MOST, scan);
	if (good) {
		report_finish(report);
		report_explain(report);
		accepted_settle(accepted, report);
		report_render(report, &settings->view, stdout);
		if (fflush(stdout))
			die(STATUS_FAILED,
			    "cannot write to standard output: %s",
			    strerror(errno));
		report_damages(report);
		good = report->program->scans >= scan;
		if (!good)
			complain("a line of scan %llu is missing or damaged",
				 (unsigned long long)scan);
	}
	report_free(report);
	return good;
}

static int check_main(const struct settings *settings, char **operands)
{
	struct request request = {.lines = {.fd = -1}};
	struct accepted accepted;
	uint64_t scan;
	bool good;

	if (!operands[0])
		usage_die(&verb_check, "no PID given");
	if (operands[1])
		usage_die(&verb_check, "one PID only, not '%s' as well",
			  operands[1]);
	accepted = accepted_open(settings, STATUS_USAGE);
	request.asked =
		asked_open(process_behind_command(pid_read(operands[0])));
	request.end = time(NULL) + WAIT_SECONDS;
	request_begin(&request);
	scan = answer_wait(&request);
	lines_free(&request.lines);
	good = report_print(settings, request.lines.fd, scan, &accepted);
	accepted_close(&accepted);
	return good ? 0 : STATUS_FAILED;
}

const struct verb verb_check = {
	.name = "check",
	.synopsis = "check [options] PID",
	.about = "scan a running process now and print the result",
	.text = "Asks a process that runs under Gordian for a scan, waits for "
		"it, "
		"and prints\nwhat it found.",
	.examples = "  gordian check 4711\n"
		    "  gordian check --format=json $(pidof server)\n",
	.mask = MASK_CHECK,
	.usage_status = STATUS_USAGE,
	.main = check_main,
};
