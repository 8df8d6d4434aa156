/*
 * See render_path.h. The root is named first. Each line below it is a step: the
 * field that leads to the block, and what the block is.
 */
#include <stdbool.h>
#include <string.h>

#include "model/kinds.h"
#include "model/model.h"
#include "model/path.h"
#include "render/json_path.h"
#include "render/makers.h"
#include "render/names.h"
#include "render/page.h"
#include "render/render_path.h"
#include "render/root.h"
#include "render/view.h"

/* "Session", "48 bytes"; what made it, when that is known. */
static void block_print(const struct page *page, const struct member *member)
{
	page_text(page, member_label(page->report, member));
	if (!member->stack->n)
		return;
	fputs("   ", page->out);
	fputs(page_colour(page, DIM), page->out);
	page_text(page, stack_place(page->report, member->stack));
	fputs(page_colour(page, PLAIN), page->out);
}

/* The fields of the parts before it, then its own: ".seats[5]"; of its own an
 * offset when it has no name. */
static void fields_print(const struct page *page, const struct path *path,
			 size_t from, size_t i)
{
	const struct edge *edge;
	int width = 0;

	for (; from <= i; from++) {
		edge = path_edge(path, from);
		if (!edge || (edge->field && !*edge->field) ||
		    (!edge->field && from < i))
			continue;
		width += page_text(page, edge_field(page->report, edge));
	}
	if (width)
		fputc(' ', page->out);
}

/* parts: the first of the parts that lead to it. times: how often; 0: once. */
static void step_print(const struct page *page, const struct path *path,
		       size_t parts, size_t i, uint64_t times)
{
	if (times)
		fprintf(page->out, "%s %s ", text_number(page->report, times),
			page_sign(page, SIGN_TIMES));
	fields_print(page, path, parts, i);
	fprintf(page->out, "%s ", page_sign(page, SIGN_TO));
	block_print(page, &path->steps.members[i]);
	if (i + 1 == path->steps.members_n && path->block) {
		fputs("   ", page->out);
		page_text(page, path->block);
	}
	fputc('\n', page->out);
}

static void omitted_print(const struct page *page, const struct path *path)
{
	page_line(page, 4);
	fprintf(page->out, "%s %s\n", page_sign(page, SIGN_ELLIPSIS),
		text_plural(page->report, path->omitted, "step is left out",
			    "steps are left out"));
}

/* A part is shown with what it leads to; the last block always. */
static bool is_shown(const struct path *path, size_t i)
{
	return i + 1 == path->steps.members_n || !path_is_part(path, i);
}

/* How many of so many steps are shown, the last of those. */
static size_t shown_count(const struct path *path, size_t at, size_t n,
			  size_t *last)
{
	size_t i, shown = 0;

	for (i = at; i < at + n; i++)
		if (is_shown(path, i)) {
			shown++;
			*last = i;
		}
	return shown;
}

/* Prints steps that repeat themselves. */
static void fold_print(const struct page *page, const struct path *path,
		       size_t parts, const struct fold *fold)
{
	size_t i, end = fold->at + fold->period, last = 0;
	size_t shown = shown_count(path, fold->at, fold->period, &last);

	if (shown == 1) {
		page_line(page, 4);
		step_print(page, path, parts, last, fold->times);
		return;
	}
	if (!shown)
		return;
	page_line(page, 4);
	fprintf(page->out, "%s times:\n",
		text_number(page->report, fold->times));
	for (i = fold->at; i < end; i++) {
		if (!is_shown(path, i))
			continue;
		page_line(page, 8);
		step_print(page, path, parts, i, 0);
		parts = i + 1;
	}
}

static void steps_print(const struct page *page, const struct path *path)
{
	size_t i = path->is_rooted, parts = i;

	while (i < path->steps.members_n) {
		const struct fold *fold = path_fold(path, i);
		size_t n = fold ? fold->period : 1, last = 0;

		if (path->omitted && i == path->omitted_at) {
			omitted_print(page, path);
			parts = i;
		}
		if (fold) {
			fold_print(page, path, parts, fold);
		} else if (is_shown(path, i)) {
			page_line(page, 4);
			step_print(page, path, parts, i, 0);
		}
		if (shown_count(path, i, n, &last))
			parts = last + 1;
		i += n;
	}
}

/* Of a block that only other leaked ones hold. */
static const char *nothing_but(const struct path *path,
			       const struct finding *finding)
{
	if (path->is_kept)
		return "nothing holds it but what leaks, too: ";
	return finding && finding->kind == KIND_CYCLE
		       ? "nothing holds it but the cycle that it is in: "
		       : "nothing holds it: ";
}

/* Never with a path. */
static void leak_print(const struct page *page, const struct path *path,
		       const struct finding *member_of)
{
	const struct member *member =
		path->steps.members_n ? &path->steps.members[0] : NULL;

	if (path->held == HELD_BY_NOTHING)
		fputs(nothing_but(path, member_of), page->out);
	else if (path->held == HELD_UNKNOWN)
		fputs("something holds it, but no path of words leads to it: ",
		      page->out);
	else if (path->steps.held_by)
		fprintf(page->out,
			"nothing holds it but %s: ", path->steps.held_by);
	else
		fputs("only what is in doubt itself holds it: ", page->out);
	if (member)
		block_print(page, member);
	else
		fputs(text_size(page->report, path->size), page->out);
	fputs("   ", page->out);
	page_text(page, path->block ? path->block : "?");
	fputc('\n', page->out);
	if (!member_of)
		return;
	fprintf(page->out, "    %s %s ",
		path->is_kept ? "kept by" : "a member of",
		kind_words[member_of->kind].word);
	page_text(page, member_of->id);
	fputs(", ", page->out);
	page_text(page, member_of->title ? member_of->title : "");
	fputc('\n', page->out);
}

void path_print(const struct page *page, const struct path *path)
{
	fputs(page_colour(page, BOLD), page->out);
	page_text(page, root_name(page->report, path));
	fprintf(page->out, "%s\n", page_colour(page, PLAIN));
	steps_print(page, path);
}

void render_path(struct report *report, const struct path *path,
		 const struct finding *member_of, const struct view *view,
		 FILE *out)
{
	struct page page;

	if (view->format == FORMAT_JSON) {
		path_json(report, path, member_of, out);
		return;
	}
	page_init(&page, report, out);
	if (path->held <= HELD_BY_DECREE)
		path_print(&page, path);
	else
		leak_print(&page, path, member_of);
}
