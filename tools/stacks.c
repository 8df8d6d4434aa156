/*
 * Stacks of a finding's members as text. The program's frames stand in full,
 * runs of others are one line; a stack that several members share stands once.
 */
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define FUNCTION_WIDTH 44
#define LISTED_MAX 6 /* members named over a stack */
#define STACKS_MAX 8 /* different stacks of one finding */
#define UNFOLDED 3   /* frames shown of a stack that is all library */

static void entry_print(const struct page *page, const struct entry_line *entry,
			int width)
{
	const char *function = entry_function(page->report, entry);
	int n;

	page_line(page, 8);
	n = page_text(page, function);
	page_pad(page, n, width);
	fprintf(page->out, "  %s", page_colour(page, DIM));
	page_text(page, entry_where(page->report, entry));
	fprintf(page->out, "%s\n", page_colour(page, PLAIN));
}

/* "… 3 frames in libc.so.6 (qsort)": the outermost of them is what the program
 * called; what called the program is not worth a name. */
static void fold_print(const struct page *page,
		       const struct entry_line *entries, size_t n,
		       bool last_run)
{
	const struct entry_line *outer = &entries[n - 1];
	const char *last = NULL;
	size_t i, libraries = 0;

	page_line(page, 8);
	fprintf(page->out, "%s%s %s in ", page_colour(page, DIM),
		page_sign(page, SIGN_ELLIPSIS),
		text_plural(page->report, n, "frame", "frames"));
	for (i = 0; i < n; i++) {
		if (last && !strcmp(last, entries[i].library))
			continue;
		last = entries[i].library;
		if (++libraries > 3)
			continue;
		fputs(libraries > 1 ? ", " : "", page->out);
		page_text(page, last);
	}
	if (libraries > 3)
		fputs(" and others", page->out);
	if (outer->symbol->function && !last_run) {
		fputs(" (", page->out);
		page_text(page, entry_function(page->report, outer));
		fputc(')', page->out);
	}
	fprintf(page->out, "%s\n", page_colour(page, PLAIN));
}

static int function_width(const struct page *page,
			  const struct entry_line *entries, size_t n)
{
	int width = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		int w;

		if (entries[i].library)
			continue;
		w = text_width(entry_function(page->report, &entries[i]));
		if (w > width)
			width = w;
	}
	return width > FUNCTION_WIDTH ? FUNCTION_WIDTH : width;
}

static void stack_print(const struct page *page, const struct stack *stack)
{
	struct entry_line *entries;
	size_t n = stack_entries(page->report, stack, &entries);
	size_t i, end, own = 0;
	int width;

	for (i = 0; i < n; i++)
		own += !entries[i].library;
	for (i = 0; !own && i < n && i < UNFOLDED; i++)
		entries[i].library = NULL;
	width = function_width(page, entries, n);
	for (i = 0; i < n; i = end) {
		for (end = i; end < n && entries[end].library; end++)
			;
		if (end > i) {
			fold_print(page, &entries[i], end - i, end == n);
			continue;
		}
		entry_print(page, &entries[i], width);
		end = i + 1;
	}
	if (!n) {
		page_line(page, 8);
		fputs("no stack was recorded\n", page->out);
	}
}

static bool stacks_equal(const struct stack *a, const struct stack *b)
{
	size_t i;

	if (a == b)
		return true;
	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (a->frames[i].module != b->frames[i].module ||
		    a->frames[i].address != b->frames[i].address)
			return false;
	return true;
}

/* "[0] [2] and 5 more allocated by", or without numbers where there is only
 * one stack. */
static void owners_print(const struct page *page, const struct finding *finding,
			 const struct stack *stack)
{
	size_t i, n = 0, more = 0;

	page_line(page, 4);
	for (i = 0; i < finding->members_n; i++) {
		if (!stacks_equal(finding->members[i].stack, stack))
			continue;
		if (n++ < LISTED_MAX)
			fprintf(page->out, "[%zu] ", i);
		else
			more++;
	}
	if (n == finding->members_n && finding->members_total > n)
		fputs("and all others that were looked at ", page->out);
	else if (more)
		fprintf(page->out, "and %s more ",
			text_number(page->report, more));
	fputs("allocated by\n", page->out);
}

void stacks_print(const struct page *page, const struct finding *finding)
{
	const struct member *members = finding->members;
	size_t i, k, stacks = 0, left_out = 0;

	for (i = 0; i < finding->members_n; i++) {
		for (k = 0; k < i; k++)
			if (stacks_equal(members[k].stack, members[i].stack))
				break;
		if (k < i)
			continue;
		if (stacks++ == STACKS_MAX) {
			left_out = 1;
			break;
		}
		if (finding->kind == KIND_CYCLE)
			owners_print(page, finding, members[i].stack);
		stack_print(page, members[i].stack);
	}
	if (left_out) {
		page_line(page, 4);
		fprintf(page->out, "%s more stacks: see --format=json\n",
			page_sign(page, SIGN_ELLIPSIS));
	}
}
