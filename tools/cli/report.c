/*
 * The verb `report`: reads files, prints one report.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/tool.h"
#include "model/model.h"

void report_render(struct report *report, enum format format, FILE *out)
{
	if (format == FORMAT_JSON)
		render_json(report, out);
	else if (format == FORMAT_TEXT)
		render_text(report, out);
}

bool report_damages(const struct report *report)
{
	const struct text *damage;

	for (damage = report->damages; damage; damage = damage->next)
		complain("%s", damage->text);
	return report->damages;
}

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
	if (failed)
		die(STATUS_FAILED, "cannot write %s: %s",
		    path ? path : "to standard output", strerror(error));
}

int report_main(const struct settings *settings, char **operands)
{
	struct report *report = report_new();
	bool good = true;
	FILE *out;

	if (!*operands)
		usage_die(&verb_report, "no FILE given");
	for (; *operands; operands++)
		good &= report_read(report, *operands);
	if (report->programs) {
		report_finish(report);
		out = output_open(settings->output);
		report_render(report, settings->format, out);
		output_close(out, settings->output);
	}
	good &= !report_damages(report);
	report_free(report);
	return good ? 0 : STATUS_FAILED;
}
