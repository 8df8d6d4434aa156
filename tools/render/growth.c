/*
 * See growth.h. First of each how it grew and who makes its blocks, then what
 * holds them, as `gordian why` says it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "model/growing.h"
#include "model/model.h"
#include "model/path.h"
#include "render/growth.h"
#include "render/makers.h"
#include "render/names.h"
#include "render/page.h"
#include "render/render_path.h"

#define PLACES_MAX 3

static void label_print(const struct page *page, const struct growing *growing)
{
	const struct member *member = growing_member(growing);

	if (member) {
		fputs(" of ", page->out);
		page_text(page, member_label(page->report, member));
	}
	if (growing->stack->n) {
		fputs(" from ", page->out);
		page_text(page, stack_place(page->report, growing->stack));
	}
}

/* "100 → 1,000 blocks of Session from session_new() (shop.c:12), 47 KiB" */
static void headline_print(const struct page *page,
			   const struct growing *growing)
{
	size_t n = growing->counts_n;

	page_line(page, 0);
	if (!n)
		return;
	fputs(page_colour(page, BOLD), page->out);
	fprintf(page->out, "%s %s %s",
		text_number(page->report, growing->counts[0]),
		page_sign(page, SIGN_TO),
		text_plural(page->report, growing->counts[n - 1], "block",
			    "blocks"));
	label_print(page, growing);
	fprintf(page->out, "%s, %s", page_colour(page, PLAIN),
		text_size(page->report, growing->bytes));
	if (growing->retained_blocks)
		fprintf(page->out, "; nothing else holds %s (%s)",
			text_plural(page->report, growing->retained_blocks,
				    "more", "more"),
			text_size(page->report, growing->retained_bytes));
	fputc('\n', page->out);
}

static void counts_print(const struct page *page, const struct growing *growing)
{
	size_t i;

	page_line(page, 4);
	fputs("at each scan:", page->out);
	for (i = 0; i < growing->counts_n; i++)
		fprintf(page->out, " %s",
			text_number(page->report, growing->counts[i]));
	fputc('\n', page->out);
}

static void path_show(const struct page *page, const struct path *path)
{
	struct page inner = *page;

	page_line(page, 4);
	inner.indent += 4;
	fputs("held by ", page->out);
	path_print(&inner, path);
}

static void place_print(const struct page *page, const struct growing *growing)
{
	headline_print(page, growing);
	if (growing->holder) {
		page_line(page, 4);
		fputs("held by the blocks of ", page->out);
		page_text(page,
			  stack_place(page->report, growing->holder->stack));
		fputs(growing->holder->is_known ? ", in the baseline\n"
						: " above\n",
		      page->out);
	}
	if (page->verbose)
		counts_print(page, growing);
	if (growing->path && (page->verbose || !growing->holder))
		path_show(page, growing->path);
	fputc('\n', page->out);
}

static void head_print(const struct page *page, const struct growing *first)
{
	fprintf(page->out,
		"Growing, though still reached, over the last %s:\n\n",
		text_plural(page->report, first->counts_n, "scan", "scans"));
}

void growth_print(const struct page *page)
{
	const struct growing *growing = page->report->growing;
	size_t n = 0;

	for (; growing; growing = growing->hh.next) {
		if (growing->is_known)
			continue;
		if (!n)
			head_print(page, growing);
		if (page->verbose || n < PLACES_MAX)
			place_print(page, growing);
		n++;
	}
	if (n > PLACES_MAX && !page->verbose)
		fprintf(page->out, "%s; gordian report --verbose has all\n\n",
			text_plural(page->report, n - PLACES_MAX,
				    "more place grows", "more places grow"));
}
