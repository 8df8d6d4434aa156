/*
 * A cycle, drawn as one:
 *
 *     ╭─▶ Club      make_shared in club()  club.cc:24
 *     │     .members[0]  (2 alike)
 *     │   Member    make_shared in club()  club.cc:24
 *     ╰──── .club   ✂ make Member::club a std::weak_ptr<Club>
 *
 * One way round is drawn, and the cut closes it. Where there is no edge to the
 * next member, or none back to the first, no arrow pretends so. What else is in
 * the cycle is counted below.
 */
#include <stdlib.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "render/cut.h"
#include "render/draw.h"
#include "render/names.h"
#include "render/page.h"
#include "render/picture.h"
#include "render/way.h"

#define STEPS_MAX 12  /* so many are all drawn; */
#define STEPS_FIRST 7 /* of more, these and the last ones */
#define STEPS_LAST 3
#define LABEL_WIDTH 50
#define FIELDS_MAX 4
#define OTHERS_MAX 4

struct drawing {
	const struct page *page;
	const struct picture *picture;
	const struct step *steps;
	size_t n;
	const char **texts; /* of the edges of the steps */
	bool *hidden;	    /* steps */
	int columns;	    /* width of the labels */
};

static const struct face *face_at(const struct drawing *drawing, size_t i)
{
	return &drawing->picture->faces[drawing->steps[i].member];
}

/* Whether an edge of the step before edge i has the same field. */
static bool is_named(const struct finding *finding, const struct edge *drawn,
		     size_t i)
{
	const struct edge *edge = &finding->edges[i], *other;
	size_t k;

	for (k = 0; k <= i; k++) {
		other = k < i ? &finding->edges[k] : drawn;
		if (other->from == edge->from && other->to == edge->to &&
		    !edge_is_weak(other) && other->field && edge->field &&
		    !strcmp(other->field, edge->field))
			return true;
	}
	return false;
}

/* Whether an edge is named beside the one that is drawn: it goes the same way,
 * and may own. A word into a block is seldom a field of its own. */
static bool is_beside(const struct finding *finding, const struct edge *drawn,
		      const struct edge *edge)
{
	if (edge == drawn || edge->from != drawn->from ||
	    edge->to != drawn->to || edge_is_weak(edge))
		return false;
	return !finding->objects_n ||
	       (edge->kind[0] != 'i' && edge->ownership != OWN_WEAK &&
		edge->ownership != OWN_BORROWED);
}

/* ".next, .last": the edges of a step, the one that is drawn first. */
static const char *fields_text(struct report *report,
			       const struct finding *finding,
			       const struct edge *drawn)
{
	const char *text = edge_field(report, drawn);
	size_t i, n = 1;

	for (i = 0; i < finding->edges_n && n <= FIELDS_MAX; i++) {
		const struct edge *edge = &finding->edges[i];

		if (!is_beside(finding, drawn, edge) ||
		    is_named(finding, drawn, i))
			continue;
		text = text_print(report, "%s, %s", text,
				  n++ < FIELDS_MAX ? edge_field(report, edge)
						   : "...");
	}
	return text;
}

static void texts_make(struct drawing *drawing)
{
	struct report *report = drawing->page->report;
	size_t i;

	drawing->texts =
		report_take(report, drawing->n, sizeof(*drawing->texts));
	for (i = 0; i < drawing->n; i++)
		drawing->texts[i] =
			drawing->steps[i].edge
				? fields_text(report, drawing->picture->finding,
					      drawing->steps[i].edge)
				: "";
}

static bool steps_alike(const struct drawing *drawing, size_t i, size_t k)
{
	return faces_alike(face_at(drawing, i), face_at(drawing, k)) &&
	       !strcmp(drawing->texts[i], drawing->texts[k]);
}

/* Of steps that repeat each other, and of many, those in the middle are not
 * drawn. One alone is. */
static void steps_hide(struct drawing *drawing)
{
	size_t shown = drawing->n, i, seen = 0;

	drawing->hidden = report_take(drawing->page->report, drawing->n,
				      sizeof(*drawing->hidden));
	for (i = 1; i + 1 < drawing->n; i++)
		if (steps_alike(drawing, i - 1, i) &&
		    steps_alike(drawing, i, i + 1)) {
			drawing->hidden[i] = true;
			shown--;
		}
	for (i = 1; i + 1 < drawing->n; i++)
		if (!drawing->hidden[i - 1] && !drawing->hidden[i + 1])
			drawing->hidden[i] = false;
	for (i = 0; i < drawing->n && shown > STEPS_MAX; i++) {
		seen += !drawing->hidden[i];
		if (seen > STEPS_FIRST && i + STEPS_LAST < drawing->n)
			drawing->hidden[i] = true;
	}
}

static const char *label_text(const struct drawing *drawing, size_t i)
{
	size_t at = drawing->steps[i].member;
	const struct member *member = &drawing->picture->finding->members[at];
	struct report *report = drawing->page->report;
	const char *label = face_at(drawing, i)->label;

	if (drawing->picture->numbered)
		label = text_print(report, "[%zu] %s", at, label);
	if (member->has_count)
		label = text_print(report, "%s, count %lld", label,
				   (long long)member->count);
	return label;
}

static void columns_find(struct drawing *drawing)
{
	size_t i;

	for (i = 0; i < drawing->n; i++) {
		int width = text_width(label_text(drawing, i));

		if (!drawing->hidden[i] && width > drawing->columns)
			drawing->columns = width;
	}
	if (drawing->columns > LABEL_WIDTH)
		drawing->columns = LABEL_WIDTH;
}

static void rail_print(const struct drawing *drawing, enum sign sign)
{
	page_line(drawing->page, 4);
	fputs(drawing->picture->way.is_round ? page_sign(drawing->page, sign)
					     : "    ",
	      drawing->page->out);
}

static void member_print(const struct drawing *drawing, size_t i)
{
	const struct face *face = face_at(drawing, i);
	const struct page *page = drawing->page;
	int width;

	rail_print(drawing, i ? SIGN_RAIL : SIGN_TOP);
	fputs(page_colour(page, BOLD), page->out);
	width = page_text(page, label_text(drawing, i));
	fputs(page_colour(page, PLAIN), page->out);
	page_pad(page, width, drawing->columns);
	fputs("   ", page->out);
	if (page_text(page, face->doing))
		fputs("  ", page->out);
	fputs(page_colour(page, DIM), page->out);
	page_text(page, face->where);
	fprintf(page->out, "%s\n", page_colour(page, PLAIN));
}

static bool leads(const struct finding *finding, size_t from, size_t to)
{
	size_t i;

	for (i = 0; i < finding->edges_n; i++)
		if (finding->edges[i].from == from &&
		    finding->edges[i].to == to &&
		    !edge_is_weak(&finding->edges[i]))
			return true;
	return false;
}

/* How many members look and hang like the one to which step i leads: reached
 * from the same member, leading to the same next. They are marked. */
static size_t alike_count(const struct drawing *drawing, size_t i, bool *marked)
{
	const struct finding *finding = drawing->picture->finding;
	const struct step *steps = drawing->steps;
	size_t next = i + 1, after = (i + 2) % drawing->n, k, n = 1;
	const struct face *faces = drawing->picture->faces;

	for (k = 0; k < finding->members_n; k++) {
		if (marked[k] ||
		    !faces_alike(&faces[k], &faces[steps[next].member]) ||
		    !leads(finding, steps[i].member, k) ||
		    !leads(finding, k, steps[after].member))
			continue;
		marked[k] = true;
		n++;
	}
	return n;
}

/* The line after a member: what leads on from it. */
static void onward_print(const struct drawing *drawing, size_t i, bool *marked)
{
	const struct page *page = drawing->page;
	size_t alike = alike_count(drawing, i, marked);

	rail_print(drawing, SIGN_RAIL);
	fputs("  ", page->out);
	page_text(page, drawing->texts[i]);
	if (alike > 1)
		fprintf(page->out, "  (%zu alike)", alike);
	fputc('\n', page->out);
}

static void more_print(const struct drawing *drawing, uint64_t n,
		       const char *what)
{
	const struct page *page = drawing->page;

	rail_print(drawing, SIGN_RAIL);
	fprintf(page->out, "%s %s more%s\n", page_sign(page, SIGN_MORE),
		text_number(page->report, n), what);
}

static void bottom_print(const struct drawing *drawing)
{
	const struct edge *last = drawing->steps[drawing->n - 1].edge;
	const struct page *page = drawing->page;

	page_line(page, 4);
	fputs(page_sign(page, SIGN_BOTTOM), page->out);
	if (last) {
		fputc(' ', page->out);
		page_text(page, drawing->texts[drawing->n - 1]);
	}
	cut_mark(page, drawing->picture);
	fputc('\n', page->out);
}

/* "also in it: 3 × Tag, Note": the members that are not drawn. */
static void others_print(const struct drawing *drawing, bool *marked)
{
	const struct finding *finding = drawing->picture->finding;
	size_t n = finding->objects_n ? finding->objects_n : finding->members_n;
	const struct face *faces = drawing->picture->faces;
	const struct page *page = drawing->page;
	size_t i, k, count, kinds = 0;

	for (i = 0; i < n; i++) {
		if (marked[i])
			continue;
		for (count = 0, k = i; k < n; k++) {
			if (marked[k] || strcmp(faces[k].label, faces[i].label))
				continue;
			marked[k] = true;
			count++;
		}
		if (++kinds > OTHERS_MAX)
			continue;
		if (kinds == 1)
			page_line(page, 4);
		fputs(kinds == 1 ? "also in it: " : ", ", page->out);
		if (count > 1)
			fprintf(page->out, "%zu %s ", count,
				page_sign(page, SIGN_TIMES));
		page_text(page, faces[i].label);
	}
	if (kinds > OTHERS_MAX)
		fprintf(page->out, " and %s",
			text_plural(page->report, kinds - OTHERS_MAX,
				    "more kind", "more kinds"));
	if (kinds)
		fputc('\n', page->out);
}

static void steps_print(struct drawing *drawing, bool *marked)
{
	size_t i, hidden = 0;

	for (i = 0; i < drawing->n; i++) {
		if (drawing->hidden[i]) {
			hidden++;
			continue;
		}
		if (hidden)
			more_print(drawing, hidden,
				   steps_alike(drawing, i - 1, i) ? " alike"
								  : "");
		hidden = 0;
		member_print(drawing, i);
		if (i + 1 < drawing->n && drawing->steps[i].edge)
			onward_print(drawing, i, marked);
	}
}

void cycle_draw(const struct page *page, const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	struct drawing drawing = {
		.page = page,
		.picture = picture,
		.steps = picture->way.steps,
		.n = picture->way.n,
	};
	bool *marked = report_take(page->report, finding->members_n, 1);
	size_t i;

	texts_make(&drawing);
	steps_hide(&drawing);
	columns_find(&drawing);
	for (i = 0; i < drawing.n; i++)
		marked[drawing.steps[i].member] = true;
	steps_print(&drawing, marked);
	if (finding->members_total > finding->members_n)
		more_print(&drawing,
			   finding->members_total - finding->members_n,
			   " that are not listed");
	if (picture->way.is_round)
		bottom_print(&drawing);
	others_print(&drawing, marked);
}
