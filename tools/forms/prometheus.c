/*
 * See prometheus.h. Findings that are alike in two runs have the same id, so
 * that a series lives on from one report to the next.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "forms/escape.h"
#include "forms/prometheus.h"
#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/scans.h"
#include "model/summary.h"
#include "render/order.h"

static void head(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP gordian_%s %s\n# TYPE gordian_%s gauge\n", name,
		help, name);
}

static void gauge(FILE *out, const char *name, const char *help, uint64_t value)
{
	head(out, name, help);
	fprintf(out, "gordian_%s %" PRIu64 "\n", name, value);
}

static void kinds_print(const struct summary *sum, FILE *out)
{
	head(out, "findings", "Alarms of the report, by kind.");
	fprintf(out,
		"gordian_findings{kind=\"cycle\"} %" PRIu64 "\n"
		"gordian_findings{kind=\"lost\"} %" PRIu64 "\n"
		"gordian_findings{kind=\"excess-ref\"} %" PRIu64 "\n",
		sum->cycles, sum->lost, sum->excess_refs);
}

static uint64_t leaked_count(const struct finding *finding)
{
	return finding->sums.count;
}

static uint64_t leaked_bytes(const struct finding *finding)
{
	return finding->sums.bytes;
}

static uint64_t retained_bytes(const struct finding *finding)
{
	return finding->sums.retained_bytes;
}

static void series_print(const struct order *order, const char *name,
			 const char *help,
			 uint64_t (*value)(const struct finding *), FILE *out)
{
	size_t i;

	if (order->n)
		head(out, name, help);
	for (i = 0; i < order->n; i++) {
		const struct finding *finding = order->list[i].finding;

		fprintf(out, "gordian_%s{id=\"", name);
		label_write(out, finding->id);
		fprintf(out, "\",kind=\"%s\",title=\"",
			kind_words[finding->kind].word);
		label_write(out, finding->title);
		fprintf(out, "\"} %" PRIu64 "\n", value(finding));
	}
}

static void scans_print(const struct report *report, FILE *out)
{
	uint64_t n = 0, longest = 0, blocks = 0, bytes = 0;
	const struct scan *scan;

	for (scan = report->scans; scan; scan = scan->next) {
		struct figures figures = scan_figures(scan);

		n++;
		blocks = figures.blocks;
		bytes = figures.bytes;
		if (figures.pause_us > longest)
			longest = figures.pause_us;
	}
	gauge(out, "scans", "Scans of the report.", n);
	if (!n)
		return;
	head(out, "pause_seconds_max", "The longest pause of a scan.");
	fprintf(out, "gordian_pause_seconds_max %.6f\n", (double)longest / 1e6);
	gauge(out, "heap_blocks", "Blocks in use at the last scan.", blocks);
	gauge(out, "heap_bytes", "Bytes in use at the last scan.", bytes);
}

void prometheus_print(struct report *report, FILE *out)
{
	struct summary sum = report_summary(report);
	struct order order = order_alarms(report);

	kinds_print(&sum, out);
	gauge(out, "leaked_bytes", "Bytes of all alarms' members.", sum.bytes);
	gauge(out, "retained_bytes", "Bytes that they keep besides.",
	      sum.retained_bytes);
	gauge(out, "suspects",
	      "Findings that are no alarms, for want of proof.", sum.suspects);
	gauge(out, "pending", "Findings that a collector is about to free.",
	      sum.pending);
	gauge(out, "growing", "Places of whose blocks ever more are reached.",
	      sum.growing);
	gauge(out, "processes", "Processes that the report is of.",
	      report->programs_n);
	gauge(out, "unknown", "What the report does not know, in lines.",
	      texts_count(report->unknown));
	scans_print(report, out);
	series_print(&order, "finding_instances", "Instances of a finding.",
		     leaked_count, out);
	series_print(&order, "finding_bytes", "Bytes of a finding's members.",
		     leaked_bytes, out);
	series_print(&order, "finding_retained_bytes",
		     "Bytes that a finding keeps besides.", retained_bytes,
		     out);
	free(order.list);
}
