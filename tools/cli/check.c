/*
 * The verb `check`: asks a running process for a scan and prints what it found.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/request.h"
#include "cli/accepted.h"
#include "cli/check.h"
#include "cli/options.h"
#include "cli/request.h"
#include "cli/verb.h"
#include "common/die.h"
#include "common/lines.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/source.h"
#include "render/render.h"

/* The scan that answers; its number becomes *data. */
static bool answers(const json_t *record, uint64_t seen, void *data)
{
	const char *trigger =
		json_string_value(json_object_get(record, "trigger"));
	json_int_t n = json_integer_value(json_object_get(record, "n"));

	if (n < 0 || (uint64_t)n <= seen || !trigger ||
	    strcmp(trigger, "request"))
		return false;
	*(uint64_t *)data = (uint64_t)n;
	return true;
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
	uint64_t scan = 0;
	struct wanted wanted = {
		.value = GORDIAN_REQUEST,
		.type = "scan",
		.done = "scanned",
		.answers = answers,
		.data = &scan,
	};
	struct accepted accepted;
	bool good;
	int fd;

	if (!operands[0])
		usage_die(&verb_check, "no PID given");
	if (operands[1])
		usage_die(&verb_check, "one PID only, not '%s' as well",
			  operands[1]);
	accepted = accepted_open(settings, STATUS_USAGE);
	fd = request_make(pid_read(&verb_check, operands[0]), &wanted);
	good = report_print(settings, fd, scan, &accepted);
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
