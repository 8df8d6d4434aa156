/*
 * A report as JSON, in the form that doc/report.schema.json describes. Every
 * key is always there. What is unknown is null.
 */
#include <jansson.h>

#include "model/growing.h"
#include "model/model.h"
#include "model/scans.h"
#include "model/summary.h"
#include "render/json_finding.h"
#include "render/json_growing.h"
#include "render/json_program.h"
#include "render/json_value.h"
#include "render/makers.h"
#include "render/render_json.h"

static void stacks_add(json_t *entry, const struct figures *figures)
{
	const struct {
		const char *key;
		uint64_t n;
	} counts[] = {
		{"stacks", figures->stacks},
		{"stacks_walked", figures->stacks_walked},
		{"stacks_unwound", figures->stacks_unwound},
		{"stacks_checked", figures->stacks_checked},
		{"stacks_different", figures->stacks_different},
	};
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		json_object_set_new(entry, counts[i].key,
				    number_json(counts[i].n));
}

static json_t *scan_json(const struct scan *scan)
{
	struct figures figures = scan_figures(scan);
	json_t *entry = json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:f, s:I}",
		"n", number_json(figures.n), "trigger",
		text_json(scan->trigger), "blocks", number_json(figures.blocks),
		"bytes", number_json(figures.bytes), "objects",
		number_json(figures.objects), "pause_us",
		number_json(figures.pause_us), "stopped_threads",
		number_json(figures.stopped_threads), "child_cpu_ms",
		figures.child_cpu_ms, "peak_child_kb",
		number_json(figures.peak_child_kb), "copied_kb",
		number_json(figures.copied_kb), "cost_ms", figures.cost_ms,
		"pid", (json_int_t)scan->program->pid);

	stacks_add(entry, &figures);
	return entry;
}

static json_t *summary_json(const struct report *report)
{
	struct summary sum = report_summary(report);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
		"s:o, s:o, s:o, s:o}",
		"findings", number_json(sum.findings), "cycles",
		number_json(sum.cycles), "lost", number_json(sum.lost),
		"excess_refs", number_json(sum.excess_refs), "bytes",
		number_json(sum.bytes), "retained_bytes",
		number_json(sum.retained_bytes), "suppressed",
		number_json(sum.suppressed), "baseline",
		number_json(sum.baseline), "suspects",
		number_json(sum.suspects), "pending", number_json(sum.pending),
		"gone", number_json(sum.gone), "came_back",
		number_json(sum.came_back), "growing", number_json(sum.growing),
		"growing_suppressed", number_json(sum.growing_suppressed),
		"growing_baseline", number_json(sum.growing_baseline),
		"unscanned", number_json(report->unscanned));
}

static json_t *warnings_json(struct report *report)
{
	json_t *list = json_array();
	const struct text *warning;

	for (warning = report->unknown; warning; warning = warning->next)
		json_array_append_new(list, text_json(warning->text));
	for (warning = report->warnings; warning; warning = warning->next)
		json_array_append_new(list,
				      text_json(warning_text(report, warning)));
	return list;
}

static void key_print(FILE *out, const char *key, json_t *value)
{
	fprintf(out, ",\n\"%s\": ", key);
	json_print(out, value);
}

/* Prints scans one by one: together they can be larger than memory. */
static void scans_print(const struct report *report, FILE *out)
{
	const struct scan *scan;

	fputs(",\n\"scans\": [", out);
	for (scan = report->scans; scan; scan = scan->next) {
		json_print(out, scan_json(scan));
		fputs(scan->next ? ",\n" : "", out);
	}
	fputc(']', out);
}

static void findings_print(struct report *report, FILE *out)
{
	const struct finding *finding;

	fputs(",\n\"findings\": [", out);
	for (finding = report->findings; finding; finding = finding->hh.next) {
		json_print(out, finding_json(report, finding));
		fputs(finding->hh.next ? ",\n" : "", out);
	}
	fputc(']', out);
}

static void growing_print(struct report *report, FILE *out)
{
	const struct growing *growing;

	fputs(",\n\"growing\": [", out);
	for (growing = report->growing; growing; growing = growing->hh.next) {
		json_print(out, growing_json(report, growing));
		fputs(growing->hh.next ? ",\n" : "", out);
	}
	fputc(']', out);
}

void render_json(struct report *report, FILE *out)
{
	fputs("{\"schema\": \"gordian-report/1\"", out);
	key_print(out, "program",
		  report->programs ? program_json(report->programs)
				   : json_null());
	key_print(out, "programs", programs_json(report));
	scans_print(report, out);
	findings_print(report, out);
	growing_print(report, out);
	key_print(out, "summary", summary_json(report));
	key_print(out, "warnings", warnings_json(report));
	fputs("}\n", out);
}
