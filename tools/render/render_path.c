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

static void step_print(const struct page *page, const struct path *path,
		       size_t i, const struct fold *fold)
{
	const struct edge *edge = path_edge(path, i);
	bool alone = fold && fold->period == 1;

	if (alone)
		fprintf(page->out, "%s %s ",
			text_number(page->report, fold->times),
			page_sign(page, SIGN_TIMES));
	if (edge && !(edge->field && !*edge->field)) {
		page_text(page, edge_field(page->report, edge));
		fputc(' ', page->out);
	}
	fprintf(page->out, "%s ", page_sign(page, SIGN_TO));
	block_print(page, &path->steps.members[i]);
	if (i + 1 == path->steps.members_n && path->block)
		fprintf(page->out, "   %s", path->block);
	fputc('\n', page->out);
}

static void omitted_print(const struct page *page, const struct path *path)
{
	page_line(page, 4);
	fprintf(page->out, "%s %s\n", page_sign(page, SIGN_ELLIPSIS),
		text_plural(page->report, path->omitted, "step is left out",
			    "steps are left out"));
}

static void steps_print(const struct page *page, const struct path *path)
{
	size_t i, inner = 0;

	for (i = path->is_rooted; i < path->steps.members_n; i++) {
		const struct fold *fold = path_fold(path, i);

		if (path->omitted && i == path->omitted_at)
			omitted_print(page, path);
		if (fold && fold->period > 1) {
			page_line(page, 4);
			fprintf(page->out, "%s times:\n",
				text_number(page->report, fold->times));
			inner = fold->period;
		}
		page_line(page, inner ? 8 : 4);
		step_print(page, path, i, fold);
		inner -= inner > 0;
	}
}

/* Never with a path. */
static void leak_print(const struct page *page, const struct path *path,
		       const struct finding *member_of)
{
	const struct member *member =
		path->steps.members_n ? &path->steps.members[0] : NULL;

	if (path->held == HELD_BY_NOTHING)
		fputs("nothing holds it: ", page->out);
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
	fprintf(page->out, "   %s\n", path->block ? path->block : "?");
	if (member_of)
		fprintf(page->out, "    a member of %s %s, %s\n",
			kind_words[member_of->kind].word, member_of->id,
			member_of->title ? member_of->title : "");
}

static void path_print(const struct page *page, const struct path *path)
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
