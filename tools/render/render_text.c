/*
 * A report for people. The largest finding comes first. Each has a headline,
 * the drawing, the cut and the stacks. Suspects come at the end, in short. One
 * line sums up. A finding that is nested in another is below it, indented.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/hosts.h"
#include "model/model.h"
#include "model/summary.h"
#include "render/alike.h"
#include "render/footer.h"
#include "render/growth.h"
#include "render/news.h"
#include "render/order.h"
#include "render/page.h"
#include "render/passage.h"
#include "render/render_text.h"
#include "render/shorts.h"
#include "render/view.h"
#include "render/wrap.h"

#define INDENT 4
#define DEPTH_MAX 4 /* deeper findings are indented no further */

/* How many findings are shown. Top counts those that no other one holds. */
static size_t shown_count(const struct order *order, size_t top)
{
	size_t i, outer = 0;

	for (i = 0; i < order->n; i++) {
		outer += !order->list[i].depth;
		if (top && outer > top)
			break;
	}
	return i;
}

/* Of a finding that no other one holds; NULL: the program's need none. */
static const char *heading(const struct finding *finding)
{
	if (finding->pending)
		return "Pending, to be freed when the collector next runs:";
	return is_of_library(finding) ? "Allocated inside of libraries:" : NULL;
}

/* Before the first of its kind. */
static void heading_print(const struct page *page, const struct order *order,
			  size_t i)
{
	const char *now = heading(order->list[i].finding);
	size_t k = i;

	if (order->list[i].depth || !now)
		return;
	while (k-- > 0 && order->list[k].depth)
		;
	if (k == SIZE_MAX || heading(order->list[k].finding) != now)
		fprintf(page->out, "%s\n\n", now);
}

static void findings_print(struct page *page, const struct order *order,
			   size_t top)
{
	size_t i, n = shown_count(order, top);

	if (!page->verbose)
		alikes_mark(page, order, n);
	for (i = 0; i < n; i++) {
		const struct listed *listed = &order->list[i];

		heading_print(page, order, i);
		page->indent =
			INDENT *
			(listed->depth < DEPTH_MAX ? listed->depth : DEPTH_MAX);
		page->unfolded = page->verbose || listed->unfolded;
		finding_print(page, listed->finding, listed->holder);
	}
	page->indent = 0;
	if (n < order->n)
		fprintf(page->out, "%s left out by --top=%zu\n\n",
			text_plural(page->report, order->n - n, "finding is",
				    "findings are"),
			top);
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
	if (hosts_count(page->report) > 1)
		fprintf(page->out, " on %zu hosts", hosts_count(page->report));
	fputs("\n\n", page->out);
}

void render_text(struct report *report, const struct order *order,
		 const struct view *view, FILE *out)
{
	struct summary sum = report_summary(report);
	int width = wrap_width(out);
	struct page page;

	page_init(&page, report, out);
	if (width && !(page.out = wrap_open(out, width)))
		die(STATUS_FAILED, "out of memory");
	page.verbose = view->verbose;
	page.quiet = view->quiet;
	if (!summary_is_empty(&sum))
		program_print(&page);
	findings_print(&page, order, view->top);
	growth_print(&page);
	shorts_print(&page);
	footer_print(&page);
	news_print(&page);
	if (width)
		fclose(page.out);
}
