/*
 * Stacks of a finding's members as text. A stack that several members share is
 * printed once. Of a stack that joins an earlier one only the difference is
 * printed.
 */
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "render/lines.h"
#include "render/names.h"
#include "render/page.h"
#include "render/picture.h"
#include "render/stacks.h"

#define FUNCTION_WIDTH 44
#define LISTED_MAX 6 /* members named above a stack */
#define STACKS_MAX 8 /* different stacks of one finding */
#define JOINED_MIN 2 /* so many lines are worth one line in their place */

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

static int function_width(const struct lines *lines, size_t n)
{
	int width = 0, w;
	size_t i;

	for (i = 0; i < n; i++) {
		const char *function = lines->lines[i].function;

		w = function ? text_width(function) : 0;
		width = w > width ? w : width;
	}
	return width > FUNCTION_WIDTH ? FUNCTION_WIDTH : width;
}

/* Prints the lines, but the last `common`, which are elsewhere: rest says
 * so. */
static void lines_print(const struct page *page, const struct lines *lines,
			size_t common, const char *rest)
{
	size_t i, n = lines->n - common;
	int width = function_width(lines, n);

	for (i = 0; i < n; i++)
		line_print(page, &lines->lines[i], width);
	if (lines->n && !common)
		return;
	page_line(page, 8);
	fputs(page_colour(page, DIM), page->out);
	if (common) {
		fprintf(page->out, "%s the rest as of ",
			page_sign(page, SIGN_ELLIPSIS));
		page_text(page, rest);
	} else {
		fputs("no stack was recorded", page->out);
	}
	fprintf(page->out, "%s\n", page_colour(page, PLAIN));
}

/* "Club, Member and 5 more allocated by"; "allocated by": all are. */
static void owners_print(const struct page *page, const struct picture *picture,
			 size_t owner)
{
	size_t all = picture->finding->members_n, i, k, n = 0, named = 0;

	page_line(page, 4);
	for (i = owner; i < all; i++)
		n += picture->faces[i].listed &&
		     picture->faces[i].like == owner;
	for (i = owner; n < picture->listed && i < all; i++) {
		const struct face *face = &picture->faces[i];

		if (!face->listed || face->like != owner)
			continue;
		for (k = owner; k < i && !picture->numbered; k++)
			if (picture->faces[k].listed &&
			    picture->faces[k].like == owner &&
			    !strcmp(picture->faces[k].label, face->label))
				break;
		if ((k < i && !picture->numbered) || named == LISTED_MAX)
			continue;
		if (named++)
			fputs(picture->numbered ? " " : ", ", page->out);
		page_text(page, picture_name(page, picture, i));
	}
	if (picture->numbered && n > named && named)
		fprintf(page->out, " and %s more",
			text_number(page->report, n - named));
	fputs(named ? " allocated by\n" : "allocated by\n", page->out);
}

static void more_print(const struct page *page)
{
	page_line(page, 4);
	fprintf(page->out, "%s more stacks: see --verbose\n",
		page_sign(page, SIGN_ELLIPSIS));
}

/* The stack printed before with which these lines have most in common, into
 * *of; returns how many lines. */
static size_t join_find(const struct picture *picture, size_t i, size_t *of)
{
	const struct face *faces = picture->faces;
	size_t k, n, common = 0;

	for (k = 0; k < i; k++) {
		if (!faces[k].listed || faces[k].like != k)
			continue;
		n = lines_common(&faces[k].lines, &faces[i].lines);
		if (n > common && n >= JOINED_MIN && n < faces[i].lines.n) {
			common = n;
			*of = k;
		}
	}
	return common;
}

void stacks_print(const struct page *page, const struct picture *picture,
		  bool heading)
{
	size_t i, of = 0, common, printed = 0;

	for (i = 0; i < picture->finding->members_n; i++) {
		const struct face *face = &picture->faces[i];

		if (!face->listed || face->like != i)
			continue;
		if (printed++ == STACKS_MAX && !page->unfolded) {
			more_print(page);
			break;
		}
		common = join_find(picture, i, &of);
		if (heading)
			owners_print(page, picture, i);
		lines_print(page, &face->lines, common,
			    picture_name(page, picture, of));
	}
}

/* "2 references to Child taken by". */
static void taker_print(const struct page *page, const struct picture *picture,
			const struct acquire *acquire)
{
	const struct finding *finding = picture->finding;

	if (finding->kind != KIND_CYCLE && finding->acquires_n == 1)
		return;
	page_line(page, 6);
	fputs(text_number(page->report, acquire->count), page->out);
	if (finding->kind == KIND_CYCLE) {
		fputs(acquire->count == 1 ? " reference to "
					  : " references to ",
		      page->out);
		page_text(page, picture_name(page, picture, acquire->member));
	}
	fputs(" taken by\n", page->out);
}

/* Of a cycle's acquires those of what the cut leads to are shown, if there are
 * any: one of them is the reference to give up. */
static bool is_shown(const struct page *page, const struct finding *finding,
		     const struct acquire *acquire)
{
	size_t i, target;

	if (page->verbose || finding->kind != KIND_CYCLE || finding->cut < 0)
		return true;
	target = finding->edges[finding->cut].to;
	for (i = 0; i < finding->acquires_n; i++)
		if (finding->acquires[i].member == target)
			return acquire->member == target;
	return true;
}

void acquires_print(const struct page *page, const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	struct lines last = {0}, lines;
	size_t i, common, shown = 0;

	for (i = 0; i < finding->acquires_n; i++) {
		if (!is_shown(page, finding, &finding->acquires[i]))
			continue;
		if (shown++ == STACKS_MAX && !page->unfolded) {
			more_print(page);
			return;
		}
		lines = lines_make(page->report, finding->acquires[i].stack,
				   page->unfolded);
		common = lines_common(&last, &lines);
		if (common < JOINED_MIN || common == lines.n)
			common = 0;
		taker_print(page, picture, &finding->acquires[i]);
		lines_print(page, &lines, common, "the one above");
		last = lines;
	}
}

bool link_print(const struct page *page, const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	const struct edge *cut;
	struct lines lines;

	if (finding->cut < 0 || !finding->edges[finding->cut].stack)
		return false;
	cut = &finding->edges[finding->cut];
	lines = lines_make(page->report, cut->stack, page->unfolded);
	page_line(page, 4);
	page_text(page, picture_name(page, picture, cut->from));
	page_text(page, edge_field(page->report, cut));
	fputs(" was set by\n", page->out);
	lines_print(page, &lines, 0, "");
	return true;
}
