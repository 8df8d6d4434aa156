/*
 * The verb `run`: PROGRAM with the library preloaded, then what it found.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/accepted.h"
#include "cli/child.h"
#include "cli/collect.h"
#include "cli/left_out.h"
#include "cli/nowhere.h"
#include "cli/options.h"
#include "cli/preload.h"
#include "cli/run.h"
#include "cli/target.h"
#include "cli/verb.h"
#include "common/die.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/growing.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/render.h"
#include "render/view.h"
#include "system/program.h"

#define TRIES 20 /* one second */
#define PAUSE_MS 50
#define UNKNOWN_MAX 10

static void blind_say(const char *name, const struct program_file *program)
{
	if (program->blind)
		complain("warning: '%s' %s: nothing of it can be seen", name,
			 program->blind);
}

static bool has_alarm(const struct report *report)
{
	const struct finding *finding;

	for (finding = report->findings; finding; finding = finding->hh.next)
		if (finding_is_alarm(finding))
			return true;
	return false;
}

/* There is no report: says why, unless that was said before PROGRAM ran. */
static void nothing_say(const char *name, const struct program_file *program,
			const char *pattern)
{
	struct stat status;

	if (!stat(pattern, &status) && !S_ISREG(status.st_mode))
		note("the report went to '%s' and cannot be read back",
		     pattern);
	else if (!program->blind)
		complain("warning: '%s' wrote no report: the library was not "
			 "loaded into it, or could not write",
			 name);
}

/* Says why a job that asks for a status does not pass, when nothing is
 * printed. */
static void unknown_say(const struct settings *settings,
			const struct report *report)
{
	const struct text *text;
	int n = 0;

	if (settings->view.format == FORMAT_TEXT)
		return;
	for (text = report->unknown; text && n < UNKNOWN_MAX; n++) {
		complain("unknown: %s", text->text);
		text = text->next;
	}
}

/* The exit status. Without --error-exitcode and --growth-exitcode it is
 * PROGRAM's own. With one, what was found comes first, then PROGRAM's own
 * status, then what is unknown. */
static int status_of(const struct settings *settings,
		     const struct report *report, size_t reports, int status)
{
	if (!settings->error_exitcode && !settings->growth_exitcode)
		return status;
	if (settings->error_exitcode && has_alarm(report))
		return settings->error_exitcode;
	if (settings->growth_exitcode && growing_new(report))
		return settings->growth_exitcode;
	if (status || (reports && !report->unknown))
		return status;
	unknown_say(settings, report);
	return STATUS_RUN_FAILED;
}

/* Says where the files are, for people who will want to look again. */
static void place_say(const struct settings *settings, const char *first,
		      size_t n)
{
	char here[4096];
	size_t length = getcwd(here, sizeof(here)) ? strlen(here) : 0;

	if (settings->view.format != FORMAT_TEXT)
		return;
	if (length > 1 && !strncmp(first, here, length) && first[length] == '/')
		first += length + 1;
	if (n > 1)
		note("the reports are '%s' and %zu more", first, n - 1);
	else
		note("the report is '%s'; gordian report --verbose shows "
		     "every block and frame of it",
		     first);
}

/* Whether anybody asks what the report means. The status does where only that
 * tells what is an alarm. */
static bool is_asked(const struct settings *settings,
		     const struct report *report,
		     const struct accepted *accepted)
{
	const struct finding *finding = report->findings;

	if (settings->view.format != FORMAT_NONE || accepted_asks(accepted) ||
	    settings->growth_exitcode)
		return true;
	while (finding && !finding->undecided)
		finding = finding->hh.next;
	return settings->error_exitcode && finding;
}

static void print_all(const struct settings *settings, struct report *report,
		      struct accepted *accepted, struct collected *files)
{
	if (is_asked(settings, report, accepted))
		report_explain(report);
	accepted_settle(accepted, report);
	report_render(report, &settings->view, stderr);
	reports_tidy(files, report, settings->report && !settings->no_report);
	if ((report->findings || report->growing) && files->n &&
	    !settings->no_report)
		place_say(settings, reports_first(files), files->n);
	report_damages(report);
}

/* A run that has ended. */
struct run {
	const struct settings *settings;
	const char *pattern, *token;
	pid_t pid;
	int status;
};

static struct report *reports_take(const struct run *run,
				   struct collected *files)
{
	struct report *report = report_new();

	report->run_pid = run->pid;
	report->run_exit = run->status;
	report->leaves_out = is_left_out;
	report->leaves_out_data = run->settings;
	*files = reports_collect(report, run->pattern, run->token, run->pid,
				 run->status);
	if (files->read)
		report_finish(report);
	return report;
}

/* Helpers of PROGRAM's that see it gone and end, as those of Python's
 * multiprocessing, are given a moment. */
static struct report *reports_await(const struct run *run,
				    struct collected *files)
{
	struct report *report;
	int tries;

	for (tries = 0;; tries++) {
		report = reports_take(run, files);
		if (!report->goes_on || tries == TRIES)
			return report;
		reports_free(files);
		report_free(report);
		usleep(PAUSE_MS * 1000);
	}
}

static int run_main(const struct settings *settings, char **operands)
{
	struct report *report;
	struct program_file program;
	struct accepted accepted;
	struct collected files;
	struct run run = {.settings = settings};
	char *pattern, *token;
	int status;
	bool left_out;

	if (!*operands)
		usage_die(&verb_run, "no PROGRAM given");
	accepted = accepted_open(settings, STATUS_RUN_FAILED);
	program = program_inspect(*operands);
	pattern = settings->no_report ? nowhere_prepare()
				      : pattern_prepare(settings->report);
	token = token_make();
	if (!program.refuses)
		preload_set(settings, pattern, token);
	left_out = program.path && is_left_out(program.path, settings);
	if (!left_out)
		blind_say(*operands, &program);
	status = child_run(operands, &run.pid);
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				     : WEXITSTATUS(status);
	run.pattern = pattern;
	run.token = token;
	run.status = status;
	report = reports_await(&run, &files);
	if (files.read)
		print_all(settings, report, &accepted, &files);
	else if (!left_out)
		nothing_say(*operands, &program, pattern);
	status = status_of(settings, report, files.read, status);
	accepted_close(&accepted);
	report_free(report);
	free(program.path);
	free(pattern);
	free(token);
	reports_free(&files);
	return status;
}

const struct verb verb_run = {
	.name = "run",
	.synopsis = "run [options] [--] PROGRAM [ARG...]",
	.about = "run a program and print what it leaks",
	.text = "Runs PROGRAM under Gordian and, after it has ended, prints "
		"the "
		"cycles and\nblocks that it leaked. Its output and exit status "
		"stay its own.",
	.examples = "  gordian run -- ./server -f\n"
		    "  gordian run --interval=60 --report=/tmp/server.jsonl -- "
		    "./server\n"
		    "  gordian run --error-exitcode=9 --quiet -- make check\n",
	.mask = MASK_RUN,
	.usage_status = STATUS_RUN_FAILED,
	.main = run_main,
};
