/*
 * A report for people. The largest finding comes first. Each has a headline,
 * the drawing, the cut and the stacks. Suspects come at the end, in short. One
 * line sums up. A finding that is nested in another is below it, indented.
 */
#include <stdlib.h>
#include <string.h>

#include "model/kinds.h"
#include "model/model.h"
#include "model/scans.h"
#include "model/summary.h"
#include "render/details.h"
#include "render/draw.h"
#include "render/names.h"
#include "render/order.h"
#include "render/page.h"
#include "render/render_text.h"
#include "render/shorts.h"
#include "render/stacks.h"

#define INDENT 4
#define DEPTH_MAX 4 /* deeper findings are indented no further */
#define WARNINGS_MAX 10

static const enum colour colours[] = {
	[KIND_CYCLE] = RED,
	[KIND_LOST] = YELLOW,
	[KIND_EXCESS_REF] = RED,
};

static void headline(const struct page *page, const struct finding *finding,
		     const struct finding *holder)
{
	const struct kind_words *words = &kind_words[finding->kind];
	const struct sums *sums = &finding->sums;
	struct report *report = page->report;
	const char *type = NULL;

	if (finding->kind != KIND_CYCLE && finding->members_n)
		type = member_type(report, &finding->members[0]);

	page_line(page, 0);
	fprintf(page->out, "%s%s%s  %s",
		page_colour(page, colours[finding->kind]), words->title,
		page_colour(page, PLAIN),
		text_plural(report, sums->count, words->one, words->many));
	if (type) {
		fputs(" of ", page->out);
		page_text(page, type);
	}
	fprintf(page->out, ", %s", text_size(report, sums->bytes));
	if (sums->retained_blocks)
		fprintf(page->out, ", keeps %s more in %s",
			text_size(report, sums->retained_bytes),
			text_plural(report, sums->retained_blocks, "block",
				    "blocks"));
	fprintf(page->out, "   %s%s, id ", page_colour(page, DIM),
		confidence_words[finding->confidence]);
	page_text(page, finding->id);
	if (holder) {
		fputs(holder->kind == KIND_EXCESS_REF ? ", kept by excess-ref "
						      : ", held by ",
		      page->out);
		page_text(page, holder->id);
	}
	fprintf(page->out, "%s\n", page_colour(page, PLAIN));
}

/* "Child.parent", or, when that says too little, "[1]+8 → [0]". */
static void cut_name(const struct page *page, const struct finding *finding,
		     const struct edge *cut)
{
	bool typed = cut->field &&
		     member_type(page->report, &finding->members[cut->from]);

	if (!typed)
		fprintf(page->out, "[%zu]", cut->from);
	page_text(page, edge_label(page->report, finding, cut));
	if (!typed)
		fprintf(page->out, " %s [%zu]", page_sign(page, SIGN_TO),
			cut->to);
}

static void cut_print(const struct page *page, const struct finding *finding)
{
	if (finding->cut < 0)
		return;
	page_line(page, 4);
	fprintf(page->out, "%s%s cut%s ", page_colour(page, GREEN),
		page_sign(page, SIGN_CUT), page_colour(page, PLAIN));
	cut_name(page, finding, &finding->edges[finding->cut]);
	if (finding->cut_reason) {
		fputs(": ", page->out);
		page_text(page, finding->cut_reason);
	}
	fputc('\n', page->out);
}

/* Names the nested findings that are elsewhere, because another holds them,
 * too. */
static void nested_print(const struct page *page, const struct finding *finding)
{
	struct finding *inner;
	size_t i, n = 0;

	for (i = 0; i < finding->nested_n; i++) {
		HASH_FIND_STR(page->report->findings, finding->nested[i],
			      inner);
		if (inner && inner != finding &&
		    (!inner->rank || inner->rank > finding->rank))
			continue;
		if (!n++) {
			page_line(page, 4);
			fputs(inner == finding ? "holds others of its own kind"
					       : "holds ",
			      page->out);
		} else {
			fputs(", ", page->out);
		}
		if (inner != finding)
			page_text(page, finding->nested[i]);
	}
	if (n)
		fputc('\n', page->out);
}

static void finding_print(const struct page *page,
			  const struct finding *finding,
			  const struct finding *holder)
{
	bool told;

	headline(page, finding, holder);
	if (finding->kind == KIND_CYCLE && finding->members_n) {
		fputc('\n', page->out);
		cycle_draw(page, finding);
		fputc('\n', page->out);
		cut_print(page, finding);
	}
	nested_print(page, finding);
	told = details_print(page, finding);
	if (finding->cut >= 0 || told)
		fputc('\n', page->out);
	if (told && finding->kind != KIND_CYCLE) {
		page_line(page, 4);
		fputs("allocated by\n", page->out);
	}
	stacks_print(page, finding);
	fputc('\n', page->out);
}

static void findings_print(struct page *page, const struct order *order)
{
	size_t i;

	for (i = 0; i < order->n; i++) {
		const struct listed *listed = &order->list[i];

		page->indent =
			INDENT *
			(listed->depth < DEPTH_MAX ? listed->depth : DEPTH_MAX);
		finding_print(page, listed->finding, listed->holder);
	}
	page->indent = 0;
}

static void program_print(const struct page *page)
{
	const struct program *program = page->report->programs;
	size_t i;

	fputs(page_colour(page, BOLD), page->out);
	for (i = 0; i < program->argc && i < 8; i++) {
		fputs(i ? " " : "", page->out);
		page_text(page, program->argv[i]);
	}
	if (i < program->argc)
		fprintf(page->out, " %s", page_sign(page, SIGN_ELLIPSIS));
	fprintf(page->out, "%s (pid %lld)", page_colour(page, PLAIN),
		(long long)program->pid);
	if (page->report->programs_n > 1)
		fprintf(page->out, " and %s",
			text_plural(page->report, page->report->programs_n - 1,
				    "more process", "more processes"));
	fputs("\n\n", page->out);
}

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
			"gordian: %s forked %s executed another program with "
			"blocks that were not looked at\n",
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
	    report->unknown) {
		fputs("no block was seen: nothing is known about leaks (does "
		      "the program bring its own allocator?)\n",
		      page->out);
		return;
	}
	if (!sum->findings)
		fprintf(page->out, "%s (%s looked at, ",
			report->unknown ? "no leak was seen, but not all is "
					  "known"
					: "nothing leaked",
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
	if (sum->gone)
		fprintf(page->out, "; %llu gone again",
			(unsigned long long)sum->gone);
	fputc('\n', page->out);
}

void render_text(struct report *report, const struct order *order, FILE *out)
{
	struct summary sum = report_summary(report);
	struct page page;

	page_init(&page, report, out);
	if (report->findings)
		program_print(&page);
	findings_print(&page, order);
	shorts_print(&page);
	warnings_print(&page);
	unknown_print(&page);
	unscanned_print(&page);
	summary_print(&page, &sum);
}
