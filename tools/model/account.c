/*
 * What is not known of a run, and why. A process gives a full account when its
 * last line names a last scan that is here whole, or when it executed another
 * program after one. What a process of the run executed has a report of its
 * own. If not, it could not be seen. Forked children that have done little
 * leave no report: the first of their family says which of them have not ended
 * properly.
 */
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/account.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/record.h"
#include "system/process.h"
#include "system/program.h"

/* Another machine, or another run, has the same numbers. */
struct relative_key {
	uint64_t run;
	int64_t pid;
};

/* A process of which others tell. */
struct relative {
	struct relative_key key;
	long executions,
		images;	  /* programs that it executed; reports of such */
	bool open, left;  /* as its family's first says; as it says itself */
	bool unscanned;	  /* before it executed */
	bool copied;	  /* copied past libc, and not followed */
	const char *path; /* path that it executed last, or NULL */
	UT_hash_handle hh;
};

/* Of the run that the program belongs to. */
static struct relative *relative_in(struct report *report,
				    const struct program *program, int64_t pid)
{
	struct relative_key key = {program->run, pid};
	struct relative *relative;

	HASH_FIND(hh, report->relatives, &key, sizeof(key), relative);
	if (relative)
		return relative;
	relative = report_take(report, 1, sizeof(*relative));
	relative->key = key;
	HASH_ADD(hh, report->relatives, key, sizeof(key), relative);
	return relative;
}

static struct relative *relative_of(struct report *report, int64_t pid)
{
	return relative_in(report, report->program, pid);
}

void relatives_free(struct report *report)
{
	HASH_CLEAR(hh, report->relatives);
}

static void open_read(struct report *report, const json_t *record)
{
	const json_t *list = json_object_get(record, "open");
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		relative_of(report, json_integer_value(json_array_get(list, i)))
			->open = true;
	report->uncounted += record_number(record, "more");
}

void end_read(struct report *report, const json_t *record)
{
	const json_t *value = json_object_get(record, "exit");
	const json_t *scan = json_object_get(record, "scan");
	struct program *program = report->program;

	program->has_exit = json_is_integer(value);
	program->exit = json_integer_value(value);
	program->ended = true;
	program->end_scan =
		json_is_integer(scan) ? record_number(record, "scan") : NO_SCAN;
	open_read(report, record);
}

void exec_read(struct report *report, const json_t *record)
{
	int64_t pid = json_integer_value(json_object_get(record, "pid"));
	struct relative *relative = relative_of(report, pid);

	relative->executions++;
	relative->path = record_string(report, record, "path");
	if (pid != report->program->pid)
		return;
	report->program->executed = true;
	report->program->end_scan = record_number(record, "scan");
	open_read(report, record);
}

static void aside_note(struct report *report, bool aside)
{
	report->has_aside |= aside;
	report->has_seen |= !aside;
}

/* A program that was executed, has come to its end, and left no report. */
void clean_read(struct report *report, const json_t *record)
{
	int64_t pid = json_integer_value(json_object_get(record, "pid"));

	relative_of(report, pid)->images++;
	aside_note(report, json_is_true(json_object_get(record, "aside")));
	open_read(report, record);
}

void aside_read(struct report *report)
{
	report->program->aside = true;
}

static void unscanned_set(struct report *report, struct relative *relative,
			  bool to)
{
	report->unscanned += to;
	report->unscanned -= relative->unscanned;
	relative->unscanned = to;
}

/* Told once for each process. */
static void unseen_read(struct report *report, int64_t pid)
{
	report_unknown(report,
		       "nothing is known of what process %lld executed by "
		       "system(), popen() or wordexp(): the library is not in "
		       "its environment, and could not be put there",
		       (long long)pid);
}

void child_read(struct report *report, const json_t *record)
{
	int64_t pid = json_integer_value(json_object_get(record, "pid"));
	struct relative *relative = relative_of(report, pid);
	const json_t *open = json_object_get(record, "open");
	const json_t *executed = json_object_get(record, "executed");

	relative->open |= json_is_true(open);
	relative->left |= json_is_false(open);
	relative->copied |= json_is_true(json_object_get(record, "copied"));
	if (json_is_true(json_object_get(record, "unscanned")))
		unscanned_set(report, relative, true);
	if (json_is_true(json_object_get(record, "unseen")))
		unseen_read(report, pid);
	if (json_is_true(json_object_get(record, "unwritten")))
		report_unknown(report,
			       "process %lld cannot write its report: what it "
			       "leaks is not known",
			       (long long)pid);
	if (!json_is_false(executed))
		return;
	unscanned_set(report, relative, false); /* it is scanned at its end */
	relative->executions -= relative->executions > 0;
	if (pid != report->program->pid)
		return;
	report->program->executed = false; /* it went on */
	report->program->end_scan = NO_SCAN;
	report->program->last_trigger = NULL;
}

static const char *program_name(const struct program *program)
{
	return program->argc  ? program->argv[0]
	       : program->exe ? program->exe
			      : "?";
}

static const char *signal_name(int64_t number)
{
	static const char *const names[] = {
		[SIGHUP] = "SIGHUP",   [SIGINT] = "SIGINT",
		[SIGQUIT] = "SIGQUIT", [SIGILL] = "SIGILL",
		[SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT",
		[SIGBUS] = "SIGBUS",   [SIGFPE] = "SIGFPE",
		[SIGKILL] = "SIGKILL", [SIGUSR1] = "SIGUSR1",
		[SIGSEGV] = "SIGSEGV", [SIGUSR2] = "SIGUSR2",
		[SIGPIPE] = "SIGPIPE", [SIGALRM] = "SIGALRM",
		[SIGTERM] = "SIGTERM", [SIGXCPU] = "SIGXCPU",
		[SIGXFSZ] = "SIGXFSZ", [SIGSYS] = "SIGSYS",
	};

	if (number > 0 && number < (int64_t)(sizeof(names) / sizeof(*names)))
		return names[number];
	return NULL;
}

static bool still_runs(struct report *report, int64_t pid)
{
	bool runs = report->run_pid && process_is_alive((pid_t)pid);

	report->goes_on |= runs;
	return runs;
}

/* Why the last scan of a program is missing. */
static void missing_tell(struct report *report, const struct program *program)
{
	const char *why = "it was killed, or has not ended yet", *signal = NULL;
	const char *name = program_name(program);

	if (program->missing)
		why = program->missing;
	else if (program->end_scan == 0)
		why = program->executed ? "none could be made before it "
					  "executed another program"
					: "none could be made at its end";
	else if (program->end_scan != NO_SCAN)
		why = "it could not be written";
	else if (still_runs(report, program->pid))
		why = "it went into the background and still runs";
	else if (program->has_exit && program->exit > 128)
		signal = signal_name(program->exit - 128);
	else if (program->has_exit)
		why = "its end could not be caught, or not be written";
	else if (report->run_pid)
		why = "it was killed";
	if (signal)
		report_unknown(
			report,
			"the last scan of '%s' (pid %lld) is missing: it "
			"was killed by %s",
			name, (long long)program->pid, signal);
	else
		report_unknown(
			report,
			"the last scan of '%s' (pid %lld) is missing: %s", name,
			(long long)program->pid, why);
}

/* A scan's child in it has started this command, which prints its summary. */
static bool prints_this(const struct program *program)
{
	return process_parent(getppid()) == program->pid;
}

static bool is_complete(struct report *report, const struct program *program)
{
	const struct relative *relative =
		relative_in(report, program, program->pid);

	if (program->aside)
		return true;
	if (program->missing)
		return false;
	if (program->forked && !program->ended && relative->executions)
		return true; /* what it executed answers for itself */
	if (program->end_scan == NO_SCAN && prints_this(program))
		return true;
	if (program->end_scan == NO_SCAN) /* killed, maybe after its last */
		return program->last_trigger &&
		       !strcmp(program->last_trigger, "exit");
	return program->end_scan && program->end_scan <= program->scans;
}

/* Tells of programs that a process executed and that have no report. */
static void unseen_tell(struct report *report, const struct relative *relative)
{
	const char *path = relative->path && *relative->path ? relative->path
							     : "a program";
	struct program_file file = program_inspect(path);

	if (still_runs(report, relative->key.pid))
		report_unknown(
			report,
			"nothing is known of '%s' (pid %lld): it went into "
			"the background and still runs",
			path, (long long)relative->key.pid);
	else
		report_unknown(report,
			       "nothing is known of '%s' (pid %lld): it %s",
			       path, (long long)relative->key.pid,
			       file.blind ? file.blind : "left no report");
	free(file.path);
}

static void child_tell(struct report *report, const struct relative *relative)
{
	char name[256];

	if (still_runs(report, relative->key.pid) &&
	    process_status((pid_t)relative->key.pid, "Name", name))
		report_unknown(
			report,
			"'%s' (pid %lld) went into the background and still "
			"runs: nothing is known of its end ('gordian check "
			"%lld' looks at it)",
			name, (long long)relative->key.pid,
			(long long)relative->key.pid);
	else
		report_unknown(report, "a child process (pid %lld) was %s",
			       (long long)relative->key.pid,
			       relative->copied
				       ? "made without libc: it is not seen"
				       : "killed before its last scan");
}

static bool is_left_out(const struct report *report, const char *path)
{
	return path && report->leaves_out &&
	       report->leaves_out(path, report->leaves_out_data);
}

/* Tells what shows only across the reports of a run. */
static void relatives_tell(struct report *report)
{
	struct relative *relative;

	for (relative = report->relatives; relative;
	     relative = relative->hh.next) {
		long wanted = relative->executions +
			      (relative->key.pid == report->run_pid);

		if (is_left_out(report, relative->path))
			continue;
		if (relative->images < wanted)
			unseen_tell(report, relative);
		else if (relative->open && !relative->left &&
			 !relative->executions && !relative->images)
			child_tell(report, relative);
	}
	if (report->uncounted)
		report_unknown(report,
			       "nothing is known of %llu more child processes",
			       (unsigned long long)report->uncounted);
}

/* The exit status is known, even if it could not be written. */
static void exit_know(const struct report *report, struct program *program)
{
	if (report->run_pid != program->pid || program->forked ||
	    program->executed || program->has_exit)
		return;
	program->has_exit = true;
	program->exit = report->run_exit;
}

void account_finish(struct report *report)
{
	struct program *program;
	struct relative *relative;

	for (program = report->programs; program; program = program->next) {
		exit_know(report, program);
		relative = relative_in(report, program, program->pid);
		relative->images += !program->forked;
		if (!is_complete(report, program))
			missing_tell(report, program);
		aside_note(report, program->aside);
		relative->left |= program->ended || !program->executed;
	}
	if (report->run_pid)
		relatives_tell(report);
	if (report->has_aside && !report->has_seen)
		report_unknown(report, "no program was looked at: --only and "
				       "--skip leave none");
}
