/*
 * See footer.h.
 */
#include "model/kinds.h"
#include "model/model.h"
#include "model/scans.h"
#include "model/summary.h"
#include "render/footer.h"
#include "render/hints.h"
#include "render/makers.h"
#include "render/page.h"

#define WARNINGS_MAX 10

static void warnings_print(const struct page *page)
{
	const struct text *warning = page->report->warnings;
	int n;

	for (n = 0; warning && n < WARNINGS_MAX; n++, warning = warning->next) {
		fputs("gordian: warning: ", page->out);
		page_text(page, warning_text(page->report, warning));
		fputc('\n', page->out);
	}
	if (warning)
		fputs("gordian: warning: there are more; --format=json has "
		      "all\n",
		      page->out);
}

/* Prints what is unknown: a last scan is missing, a process could not be seen,
 * and the like. */
static void unknown_print(const struct page *page)
{
	const struct text *text = page->report->unknown;
	int n;

	for (n = 0; text && n < WARNINGS_MAX; n++, text = text->next) {
		fputs("gordian: unknown: ", page->out);
		page_text(page, text->text);
		fputc('\n', page->out);
	}
	if (text)
		fputs("gordian: unknown: there is more; --format=json has "
		      "all\n",
		      page->out);
}

static void unscanned_print(const struct page *page)
{
	uint64_t n = page->report->unscanned;

	if (n)
		fprintf(page->out,
			"gordian: %s forked %s had blocks when executing "
			"another program: these were not looked at\n",
			text_number(page->report, n),
			n == 1 ? "child" : "children");
}

static uint64_t most_blocks(const struct report *report)
{
	const struct scan *scan;
	uint64_t most = 0, blocks;

	for (scan = report->scans; scan; scan = scan->next) {
		blocks = scan_figures(scan).blocks;
		most = blocks > most ? blocks : most;
	}
	return most;
}

static void scans_print(const struct page *page)
{
	uint64_t n = 0, pause = 0, now;
	const struct scan *scan;

	for (scan = page->report->scans; scan; scan = scan->next, n++) {
		now = scan_figures(scan).pause_us;
		pause = now > pause ? now : pause;
	}
	fprintf(page->out, "%s, longest pause %.1f ms",
		text_plural(page->report, n, "scan", "scans"),
		(double)pause / 1000);
}

static void count_print(const struct page *page, uint64_t n, enum kind kind,
			bool *first)
{
	if (!n)
		return;
	fprintf(page->out, "%s%s", *first ? "" : ", ",
		text_plural(page->report, n, kind_words[kind].sum,
			    kind_words[kind].sums));
	*first = false;
}

/* What "nothing" leaves out. */
static const char *accepted_words(const struct summary *sum)
{
	if (sum->baseline && sum->suppressed)
		return " but what is suppressed or in the baseline";
	if (sum->baseline)
		return " but what is in the baseline";
	return sum->suppressed ? " but what is suppressed" : "";
}

static void summary_print(const struct page *page, const struct summary *sum)
{
	struct report *report = page->report;
	bool first = true;

	fprintf(page->out, "gordian: ");
	if (!report->scans && !sum->findings) {
		fputs("no scan was finished: nothing is known\n", page->out);
		return;
	}
	if (!sum->findings && !sum->suspects && !most_blocks(report) &&
	    report->unknown && !report->goes_on) {
		fputs("no block was seen: nothing is known about leaks (does "
		      "the program have its own allocator?)\n",
		      page->out);
		return;
	}
	if (!sum->findings)
		fprintf(page->out, "%s%s (%s looked at, ",
			report->unknown ? "no leak was seen, but not all is "
					  "known"
					: "nothing leaked",
			accepted_words(sum),
			text_plural(report, most_blocks(report), "block",
				    "blocks"));
	count_print(page, sum->cycles, KIND_CYCLE, &first);
	count_print(page, sum->excess_refs, KIND_EXCESS_REF, &first);
	count_print(page, sum->lost, KIND_LOST, &first);
	if (sum->findings)
		fprintf(page->out, ": %s leaked",
			text_size(report, sum->bytes));
	if (sum->findings && sum->retained_bytes)
		fprintf(page->out, ", %s kept besides",
			text_size(report, sum->retained_bytes));
	if (sum->findings)
		fputs(" (", page->out);
	scans_print(page);
	fputs(")", page->out);
	if (sum->findings && report->unknown)
		fputs("; not all is known", page->out);
	if (sum->suspects)
		fprintf(page->out, "; %s not counted",
			text_plural(report, sum->suspects, "suspect",
				    "suspects"));
	if (sum->baseline)
		fprintf(page->out, "; %s in the baseline",
			text_number(report, sum->baseline));
	if (sum->suppressed)
		fprintf(page->out, "; %s suppressed",
			text_number(report, sum->suppressed));
	if (sum->pending)
		fprintf(page->out, "; %s pending",
			text_number(report, sum->pending));
	if (sum->gone > sum->gone_quietly)
		fprintf(page->out, "; %llu gone again",
			(unsigned long long)(sum->gone - sum->gone_quietly));
	if (sum->growing)
		fprintf(page->out, "; %s",
			text_plural(report, sum->growing, "place grows",
				    "places grow"));
	if (sum->growing_baseline)
		fprintf(page->out, "; %s in the baseline",
			text_plural(report, sum->growing_baseline,
				    "growing place", "growing places"));
	if (sum->growing_suppressed)
		fprintf(page->out, "; %s suppressed",
			text_plural(report, sum->growing_suppressed,
				    "growing place", "growing places"));
	fputc('\n', page->out);
}

/* A user who wants no notes gets no line that says that nothing leaked. */
static bool is_silent(const struct page *page, const struct summary *sum)
{
	const struct report *report = page->report;

	return page->quiet && report->scans && !report->unknown &&
	       summary_is_empty(sum);
}

void footer_print(const struct page *page)
{
	struct summary sum = report_summary(page->report);

	if (!page->quiet)
		hints_print(page);
	warnings_print(page);
	unknown_print(page);
	unscanned_print(page);
	if (!is_silent(page, &sum))
		summary_print(page, &sum);
}
