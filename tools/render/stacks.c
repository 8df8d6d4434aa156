/*
 * Stacks of a finding's members as text. The program's frames are printed in
 * full, runs of others as one line. A stack that several members share is
 * printed once. Of a stack that joins an earlier one only the difference is
 * printed.
 */
#include <stdlib.h>
#include <string.h>

#include "model/entries.h"
#include "model/model.h"
#include "render/names.h"
#include "render/page.h"
#include "render/stacks.h"

#define FUNCTION_WIDTH 44
#define LISTED_MAX 6 /* members named above a stack */
#define STACKS_MAX 8 /* different stacks of one finding */
#define UNFOLDED 3   /* frames shown of a stack that is only in libraries */
#define JOINED_MIN 2 /* so many lines are worth one line in their place */

/* A frame, or, when function is NULL, a run of frames. */
struct line {
	const char *function, *where;
};

/* A stack as it is printed. Two stacks that print alike, such as two calls on
 * one line, are one. */
struct lines {
	const struct stack *stack;
	size_t n;
	struct line *lines;
	size_t like; /* the first member with the same lines */
};

/* "3 frames in libc.so.6 (qsort)": the outermost is what the program called.
 * The frames that called the program need no name. */
static const char *fold(struct report *report, const struct entry_line *entries,
			size_t n, bool last_run)
{
	const struct entry_line *outer = &entries[n - 1];
	const char *text = text_plural(report, n, "frame in ", "frames in ");
	const char *last = NULL;
	size_t i, libraries = 0;

	for (i = 0; i < n; i++) {
		if (last && !strcmp(last, entries[i].library))
			continue;
		last = entries[i].library;
		if (++libraries <= 3)
			text = text_print(report, "%s%s%s", text,
					  libraries > 1 ? ", " : "", last);
	}
	if (libraries > 3)
		text = text_print(report, "%s and others", text);
	if (outer->symbol->function && !last_run)
		text = text_print(report, "%s (%s)", text,
				  entry_function(report, outer));
	return text;
}

static void lines_make(struct report *report, struct lines *lines)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, lines->stack, &entries);
	size_t i, end, own = 0;

	for (i = 0; i < n; i++)
		own += !entries[i].library;
	for (i = 0; !own && i < n && i < UNFOLDED; i++)
		entries[i].library = NULL;
	lines->lines =
		obstack_alloc(&report->memory, (n + 1) * sizeof(*lines->lines));
	for (i = 0; i < n; i = end) {
		struct line *line = &lines->lines[lines->n++];

		for (end = i; end < n && entries[end].library; end++)
			;
		if (end > i) {
			line->function = NULL;
			line->where =
				fold(report, &entries[i], end - i, end == n);
			continue;
		}
		line->function = entry_function(report, &entries[i]);
		line->where = entry_where(report, &entries[i]);
		end = i + 1;
	}
}

static bool line_equal(const struct line *a, const struct line *b)
{
	if (!a->function != !b->function || strcmp(a->where, b->where))
		return false;
	return !a->function || !strcmp(a->function, b->function);
}

/* How many of the outermost lines two stacks have in common. */
static size_t lines_common(const struct lines *a, const struct lines *b)
{
	size_t n = 0;

	while (n < a->n && n < b->n &&
	       line_equal(&a->lines[a->n - 1 - n], &b->lines[b->n - 1 - n]))
		n++;
	return n;
}

/* The lines of all members. */
static struct lines *lines_all(struct report *report,
			       const struct finding *finding)
{
	size_t n = finding->members_n, i, k;
	struct lines *all =
		obstack_alloc(&report->memory, (n + 1) * sizeof(*all));

	memset(all, 0, (n + 1) * sizeof(*all));
	for (i = 0; i < n; i++) {
		all[i].stack = finding->members[i].stack;
		for (k = 0; k < i && all[k].stack != all[i].stack; k++)
			;
		if (k < i) {
			all[i] = all[k];
			continue;
		}
		lines_make(report, &all[i]);
		for (k = 0; k < i; k++)
			if (all[k].n == all[i].n &&
			    lines_common(&all[k], &all[i]) == all[i].n)
				break;
		all[i].like = k;
	}
	return all;
}

static void line_print(const struct page *page, const struct line *line,
		       int width)
{
	page_line(page, 8);
	if (line->function)
		page_pad(page, page_text(page, line->function), width);
	fprintf(page->out, "%s%s ", page_colour(page, DIM),
		line->function ? " " : page_sign(page, SIGN_ELLIPSIS));
	page_text(page, line->where);
	fprintf(page->out, "%s\n", page_colour(page, PLAIN));
}

/* Prints the lines, but the last `common`, which are elsewhere: rest says
 * so. */
static void lines_print(const struct page *page, const struct lines *lines,
			size_t common, const char *rest)
{
	size_t i, n = lines->n - common;
	int width = 0, w;

	for (i = 0; i < n; i++) {
		w = lines->lines[i].function
			    ? text_width(lines->lines[i].function)
			    : 0;
		width = w > width ? w : width;
	}
	width = width > FUNCTION_WIDTH ? FUNCTION_WIDTH : width;
	for (i = 0; i < n; i++)
		line_print(page, &lines->lines[i], width);
	if (!lines->n || common) {
		page_line(page, 8);
		fputs(page_colour(page, DIM), page->out);
		if (common)
			fprintf(page->out, "%s the rest as %s",
				page_sign(page, SIGN_ELLIPSIS), rest);
		else
			fputs("no stack was recorded", page->out);
		fprintf(page->out, "%s\n", page_colour(page, PLAIN));
	}
}

/* "[0] [2] and 5 more allocated by". */
static void owners_print(const struct page *page, const struct finding *finding,
			 const struct lines *all, size_t owner)
{
	size_t i, n = 0;

	page_line(page, 4);
	for (i = owner; i < finding->members_n; i++)
		if (all[i].like == owner && n++ < LISTED_MAX)
			fprintf(page->out, "[%zu] ", i);
	if (n == finding->members_n && finding->members_total > n)
		fputs("and all others that were looked at ", page->out);
	else if (n > LISTED_MAX)
		fprintf(page->out, "and %s more ",
			text_number(page->report, n - LISTED_MAX));
	fputs("allocated by\n", page->out);
}

static void more_print(const struct page *page)
{
	page_line(page, 4);
	fprintf(page->out, "%s more stacks: see --format=json\n",
		page_sign(page, SIGN_ELLIPSIS));
}

void stacks_print(const struct page *page, const struct finding *finding)
{
	struct lines *all = lines_all(page->report, finding);
	size_t i, k, of = 0, printed = 0;

	for (i = 0; i < finding->members_n; i++) {
		size_t common = 0;

		if (all[i].like != i)
			continue;
		if (printed++ == STACKS_MAX) {
			more_print(page);
			break;
		}
		for (k = 0; k < i; k++) {
			size_t n = lines_common(&all[k], &all[i]);

			if (n > common && n >= JOINED_MIN && n < all[i].n) {
				common = n;
				of = all[k].like;
			}
		}
		if (finding->kind == KIND_CYCLE)
			owners_print(page, finding, all, i);
		lines_print(page, &all[i], common,
			    text_print(page->report, "of [%zu]", of));
	}
}

/* "[1] 2 taken by". */
static void taker_print(const struct page *page, const struct finding *finding,
			const struct acquire *acquire)
{
	if (finding->kind != KIND_CYCLE && finding->acquires_n == 1)
		return;
	page_line(page, 6);
	if (finding->kind == KIND_CYCLE)
		fprintf(page->out, "[%zu] ", acquire->member);
	fprintf(page->out, "%s taken by\n",
		text_number(page->report, acquire->count));
}

void acquires_print(const struct page *page, const struct finding *finding)
{
	struct lines last = {0}, lines;
	size_t i, common;

	for (i = 0; i < finding->acquires_n; i++, last = lines) {
		if (i == STACKS_MAX) {
			more_print(page);
			return;
		}
		lines = (struct lines){.stack = finding->acquires[i].stack};
		lines_make(page->report, &lines);
		common = lines_common(&last, &lines);
		if (common < JOINED_MIN || common == lines.n)
			common = 0;
		taker_print(page, finding, &finding->acquires[i]);
		lines_print(page, &lines, common, "above");
	}
}
