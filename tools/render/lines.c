/*
 * Stacks as they are printed. Of a run of library frames each library has a
 * line, which names the function through which it was called. The innermost
 * run has one more, for the function that tells what was allocated. How the
 * language's library starts a program or a thread is left out.
 */
#include <stdlib.h>
#include <string.h>

#include "model/entries.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/lines.h"
#include "render/makers.h"
#include "render/names.h"
#include "render/page.h"

#define GROUPS_MAX 4 /* lines for one run */

struct run {
	const struct entry_line *entries;
	size_t n;
};

static void add_line(struct lines *lines, const char *function,
		     const char *where)
{
	lines->lines[lines->n++] = (struct line){function, where};
}

/* With all, the column too: what is alike may differ in it alone. */
static void add_entry(struct report *report, struct lines *lines,
		      const struct entry_line *entry, bool all)
{
	const struct symbol *symbol = entry->symbol;
	const char *where = entry_where(report, entry);

	if (all && symbol->file && symbol->line > 0 && symbol->column > 0)
		where = text_print(report, "%s:%d", where, symbol->column);
	if (!symbol->function)
		entry_lacks(entry, LACKS_NAMES);
	else if (!entry->library)
		entry_lacks(entry, LACKS_LINES);
	add_line(lines, entry_function(report, entry), where);
}

/* "3 frames in libc.so.6, libglib-2.0.so.0", innermost first. */
static const char *run_text(struct report *report, const struct run *run)
{
	const char *text =
		text_plural(report, run->n, "frame in ", "frames in ");
	const char *last = NULL;
	size_t i, libraries = 0;

	for (i = 0; i < run->n; i++) {
		const char *library = run->entries[i].library;

		if (last && !strcmp(last, library))
			continue;
		last = library;
		if (++libraries <= 3)
			text = text_print(report, "%s%s%s", text,
					  libraries > 1 ? ", " : "", library);
	}
	return libraries > 3 ? text_print(report, "%s and others", text) : text;
}

/* Ends with what the run was called by: its outermost function. */
static void run_add(struct report *report, struct lines *lines,
		    const struct run *run)
{
	const struct entry_line *outer = &run->entries[run->n - 1];
	const char *text;

	if (run->n == 1 && !outer->symbol->file) {
		add_entry(report, lines, outer, false);
		return;
	}
	text = run_text(report, run);
	if (outer->symbol->function)
		text = text_print(report, "%s (%s)", text,
				  entry_function(report, outer));
	add_line(lines, NULL, text);
}

/* How many of the first entries are in one library. */
static size_t group_length(const struct run *run)
{
	size_t n = 1;

	while (n < run->n &&
	       !strcmp(run->entries[n].library, run->entries[0].library))
		n++;
	return n;
}

static size_t groups_count(struct run run)
{
	size_t n = 0, length;

	for (; run.n; run.entries += length, run.n -= length, n++)
		length = group_length(&run);
	return n;
}

/* A line for each library; of many, for the first ones and the last. */
static void groups_add(struct report *report, struct lines *lines,
		       struct run run)
{
	size_t groups = groups_count(run), i, length;
	struct run part;

	for (i = 0; i < groups; i++) {
		part = (struct run){run.entries, 0};
		do {
			length = group_length(&run);
			run.entries += length;
			run.n -= length;
			part.n += length;
		} while (groups > GROUPS_MAX && i == GROUPS_MAX - 2 &&
			 groups_count(run) > 1);
		run_add(report, lines, &part);
		if (!run.n)
			return;
	}
}

/* Whether it only starts the program or a thread. */
static bool is_start(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		if (!entry_is_language(&run->entries[i]))
			return false;
	return true;
}

static void run_fold(struct report *report, struct lines *lines, struct run run,
		     bool innermost, bool outermost)
{
	struct run inner = run;

	if (outermost && !innermost && is_start(&run))
		return;
	if (innermost) {
		inner.n = what_find(run.entries, run.n) + 1;
		run_add(report, lines, &inner);
		run.entries += inner.n;
		run.n -= inner.n;
	}
	groups_add(report, lines, run);
}

struct lines lines_make(struct report *report, const struct stack *stack,
			bool all)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, stack, &entries), i, end;
	struct lines lines = {0};

	lines.lines = report_take(report, n + 1, sizeof(*lines.lines));
	for (i = 0; i < n; i = end) {
		for (end = i; end < n && !all && entries[end].library; end++)
			;
		if (end > i) {
			run_fold(report, &lines,
				 (struct run){&entries[i], end - i}, !i,
				 end == n);
			continue;
		}
		add_entry(report, &lines, &entries[i], all);
		end = i + 1;
	}
	return lines;
}

static bool line_equal(const struct line *a, const struct line *b)
{
	if (!a->function != !b->function || strcmp(a->where, b->where))
		return false;
	return !a->function || !strcmp(a->function, b->function);
}

size_t lines_common(const struct lines *a, const struct lines *b)
{
	size_t n = 0;

	while (n < a->n && n < b->n &&
	       line_equal(&a->lines[a->n - 1 - n], &b->lines[b->n - 1 - n]))
		n++;
	return n;
}

bool lines_equal(const struct lines *a, const struct lines *b)
{
	return a->n == b->n && lines_common(a, b) == a->n;
}
