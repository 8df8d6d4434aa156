/*
 * The verb `report`: reads files, prints one report.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/accepted.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/verb.h"
#include "common/die.h"
#include "common/progress.h"
#include "forms/forms.h"
#include "known/generate.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/source.h"
#include "model/summary.h"
#include "render/render.h"

static FILE *output_open(const char *path)
{
	FILE *out = path ? fopen(path, "we") : stdout;

	if (!out)
		die(STATUS_FAILED, "cannot write '%s': %s", path,
		    strerror(errno));
	return out;
}

static void output_close(FILE *out, const char *path)
{
	bool failed = fflush(out) || ferror(out);
	int error = errno;

	if (out != stdout && fclose(out) && !failed) {
		failed = true;
		error = errno;
	}
	if (failed && path)
		die(STATUS_FAILED, "cannot write '%s': %s", path,
		    strerror(error));
	if (failed)
		die(STATUS_FAILED, "cannot write to standard output: %s",
		    strerror(error));
}

static bool reports_read(struct report *report, char **paths)
{
	bool good = true;
	size_t n = 0;

	while (paths[n])
		n++;
	progress_begin("reading", n, "reports");
	for (; *paths; paths++) {
		good &= report_read(report, *paths);
		progress_step();
	}
	progress_end();
	return good;
}

/* The library asks when only types tell whether anything is a leak. */
static bool is_worth_words(const struct settings *settings,
			   const struct report *report)
{
	struct summary sum = report_summary(report);

	return !settings->at_end || sum.findings || sum.baseline ||
	       sum.suppressed;
}

static int report_main(const struct settings *settings, char **operands)
{
	struct report *report = report_new();
	struct accepted accepted;
	bool good;
	FILE *out;

	if (!*operands)
		usage_die(&verb_report, "no FILE given");
	report->at_end = settings->at_end;
	accepted = accepted_open(settings, STATUS_USAGE);
	good = reports_read(report, operands);
	if (report->programs) {
		report_finish(report);
		out = output_open(settings->output);
		report_explain(report);
		accepted_settle(&accepted, report);
		if (settings->gen_suppressions)
			suppressions_print(report, out);
		else if (settings->form)
			form_print(settings->form, report, out);
		else if (is_worth_words(settings, report))
			report_render(report, &settings->view, out);
		output_close(out, settings->output);
	}
	good &= !report_damages(report);
	accepted_close(&accepted);
	report_free(report);
	return good ? 0 : STATUS_FAILED;
}

const struct verb verb_report = {
	.name = "report",
	.synopsis = "report [options] FILE...",
	.about = "print report files",
	.text = "Prints what the report FILEs hold; several are merged, "
		"finding "
		"by finding.\n\"-\" is standard input.",
	.examples =
		"  gordian report gordian.4711.jsonl\n"
		"  gordian report --format=json -o all.json gordian.*.jsonl\n"
		"  gordian report --gen-suppressions x.jsonl >>known.supp\n",
	.mask = MASK_REPORT,
	.usage_status = STATUS_USAGE,
	.main = report_main,
};
