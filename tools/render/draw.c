/*
 * A cycle, drawn as one:
 *
 *     ╭─▶ [0] Node, 48 bytes   node_new (tree.c:12)
 *     │      ↓ Node.child
 *     │   [1] 32 bytes         child_new (tree.c:20)
 *     ╰──────╯ +8   ✂ cut here
 *
 * Members come in cycle order. Where the component has more edges than that,
 * they are named beside, as are weak ones; where it has no edge to the next
 * member, or none back to the first, no arrow pretends so.
 */
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "render/draw.h"
#include "render/names.h"
#include "render/page.h"

#define SHOWN_ALL 9   /* so many members are all drawn; */
#define SHOWN_FIRST 5 /* of more, the first, the last and those at the cut */
#define OFFSETS_MAX 4
#define OTHERS_MAX 3

struct drawing {
	const struct page *page;
	const struct finding *finding;
	bool rail;   /* the last member leads back, or is unknown */
	int columns; /* width of the labels */
};

static bool is_shown(const struct finding *finding, size_t i)
{
	const struct edge *cut =
		finding->cut >= 0 ? &finding->edges[finding->cut] : NULL;

	return finding->members_n <= SHOWN_ALL || i < SHOWN_FIRST ||
	       (i + 1 == finding->members_n &&
		i + 1 == finding->members_total) ||
	       (cut && (i == cut->from || i == cut->to));
}

/* Whether there is an edge that holds a count, or may. A weak one is no way
 * round. */
static bool has_edge(const struct finding *finding, size_t from, size_t to)
{
	size_t i;

	for (i = 0; i < finding->edges_n; i++)
		if (finding->edges[i].from == from &&
		    finding->edges[i].to == to &&
		    !edge_is_weak(&finding->edges[i]))
			return true;
	return false;
}

/* "Node.next, +16 interior": all edges between two members. */
static void offsets_print(const struct drawing *drawing, size_t from, size_t to)
{
	const struct finding *finding = drawing->finding;
	FILE *out = drawing->page->out;
	size_t i, n = 0;

	for (i = 0; i < finding->edges_n; i++) {
		const struct edge *edge = &finding->edges[i];

		if (edge->from != from || edge->to != to || n++ > OFFSETS_MAX)
			continue;
		if (n > OFFSETS_MAX) {
			fprintf(out, ", %s",
				page_sign(drawing->page, SIGN_ELLIPSIS));
			continue;
		}
		fputs(n > 1 ? ", " : "", out);
		page_text(drawing->page,
			  edge_label(drawing->page->report, finding, edge));
		fprintf(out, "%s%s", strcmp(edge->kind, "strong") ? " " : "",
			strcmp(edge->kind, "strong") ? edge->kind : "");
	}
}

/* Whether an edge between these two comes before edge number k. */
static bool seen_before(const struct finding *finding, size_t k)
{
	const struct edge *edge = &finding->edges[k];
	size_t i;

	for (i = 0; i < k; i++)
		if (finding->edges[i].from == edge->from &&
		    finding->edges[i].to == edge->to)
			return true;
	return false;
}

/* "also +8 → [2]": the edges from a member to others than the next. */
static void others_print(const struct drawing *drawing, size_t from,
			 size_t next)
{
	const struct finding *finding = drawing->finding;
	FILE *out = drawing->page->out;
	size_t i, n = 0;

	for (i = 0; i < finding->edges_n; i++) {
		const struct edge *edge = &finding->edges[i];

		if (edge->from != from || edge->to == next ||
		    seen_before(finding, i) || ++n > OTHERS_MAX)
			continue;
		fputs(n > 1 ? ", " : "   also ", out);
		offsets_print(drawing, from, edge->to);
		fprintf(out, " %s [%zu]", page_sign(drawing->page, SIGN_TO),
			edge->to);
	}
	if (n > OTHERS_MAX)
		fprintf(out, " and to %zu more", n - OTHERS_MAX);
}

static void cut_mark(const struct drawing *drawing, size_t from)
{
	const struct finding *finding = drawing->finding;
	const struct page *page = drawing->page;

	if (finding->cut >= 0 && finding->edges[finding->cut].from == from)
		fprintf(page->out, "   %s%s cut here%s",
			page_colour(page, GREEN), page_sign(page, SIGN_CUT),
			page_colour(page, PLAIN));
}

/* Prints the line after a member: what leads on from it. */
static void onward_print(const struct drawing *drawing, size_t i)
{
	const struct finding *finding = drawing->finding;
	const struct page *page = drawing->page;
	bool last = i + 1 == finding->members_total;
	size_t next = last ? 0 : i + 1;
	bool leads = has_edge(finding, i, next);

	page_line(page, 4);
	if (last && drawing->rail)
		fputs(page_sign(page, SIGN_BOTTOM), page->out);
	else
		fprintf(page->out, "%s   %s",
			drawing->rail ? page_sign(page, SIGN_RAIL) : "    ",
			leads && !last ? page_sign(page, SIGN_DOWN) : " ");
	if (leads) {
		fputc(' ', page->out);
		if (last && !drawing->rail)
			fprintf(page->out, "%s [0] ", page_sign(page, SIGN_TO));
		offsets_print(drawing, i, next);
	}
	others_print(drawing, i, leads ? next : finding->members_n);
	cut_mark(drawing, i);
	fputc('\n', page->out);
}

static void member_print(const struct drawing *drawing, size_t i)
{
	const struct page *page = drawing->page;
	const struct member *member = &drawing->finding->members[i];
	enum sign sign = i ? SIGN_RAIL : SIGN_TOP;
	int width;

	page_line(page, 4);
	fputs(drawing->rail ? page_sign(page, sign) : "    ", page->out);
	width = fprintf(page->out, "[%zu] ", i);
	fputs(page_colour(page, BOLD), page->out);
	width += page_text(page, member_label(page->report, member));
	fputs(page_colour(page, PLAIN), page->out);
	page_pad(page, width, drawing->columns);
	fputs("   ", page->out);
	page_text(page, stack_maker(page->report, member->stack));
	fputc('\n', page->out);
}

static void more_print(const struct drawing *drawing, uint64_t n)
{
	const struct page *page = drawing->page;

	page_line(page, 4);
	fprintf(page->out, "%s   %s %s more\n",
		drawing->rail ? page_sign(page, SIGN_RAIL) : "    ",
		page_sign(page, SIGN_MORE), text_number(page->report, n));
}

static int label_columns(const struct page *page, const struct finding *finding)
{
	int columns = 0;
	size_t i;

	for (i = 0; i < finding->members_n; i++) {
		const struct member *member = &finding->members[i];
		int width;

		if (!is_shown(finding, i))
			continue;
		width = text_width(member_label(page->report, member)) +
			snprintf(NULL, 0, "[%zu] ", i);
		if (width > columns)
			columns = width;
	}
	return columns > 50 ? 50 : columns;
}

void cycle_draw(const struct page *page, const struct finding *finding)
{
	size_t total = finding->members_total, i, hidden = 0;
	bool whole = total == finding->members_n;
	struct drawing drawing = {
		.page = page,
		.finding = finding,
		.rail = !whole || has_edge(finding, total - 1, 0),
		.columns = label_columns(page, finding),
	};

	for (i = 0; i < finding->members_n; i++) {
		if (!is_shown(finding, i)) {
			hidden++;
			continue;
		}
		if (hidden)
			more_print(&drawing, hidden);
		hidden = 0;
		member_print(&drawing, i);
		onward_print(&drawing, i);
	}
	if (whole)
		return;
	more_print(&drawing, hidden + total - finding->members_n);
	page_line(page, 4);
	fprintf(page->out, "%s\n", page_sign(page, SIGN_BOTTOM));
}
