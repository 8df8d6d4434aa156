/*
 * See cut.h. Where nothing is known of the counts, both readings are given: a
 * cycle, if its references are counted; a forgotten free, if they are not.
 */
#include <stdio.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "render/cut.h"
#include "render/names.h"
#include "render/page.h"
#include "render/picture.h"
#include "render/way.h"

static bool has_two_readings(const struct finding *finding)
{
	return finding->kind == KIND_CYCLE && finding->objects_n &&
	       finding->cause == CAUSE_UNKNOWN &&
	       finding->head < finding->members_n;
}

static void scissors(const struct page *page)
{
	fprintf(page->out, "%s%s%s", page_colour(page, GREEN),
		page_sign(page, SIGN_CUT), page_colour(page, PLAIN));
}

bool cut_is_drawn(const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	const struct way *way = &picture->way;

	return way->n && way->is_round &&
	       edge_is_cut(finding, way->steps[way->n - 1].edge);
}

static void advice_print(const struct page *page, const struct finding *finding)
{
	fputc(' ', page->out);
	page_text(page, finding->cut_advice ? finding->cut_advice : "cut here");
	if (finding->cut_advice || !finding->cut_reason)
		return;
	fputs(": ", page->out);
	page_text(page, finding->cut_reason);
}

void cut_mark(const struct page *page, const struct picture *picture)
{
	if (!cut_is_drawn(picture))
		return;
	fputs("   ", page->out);
	scissors(page);
	if (!has_two_readings(picture->finding))
		advice_print(page, picture->finding);
}

/* "Child.parent", or, when that says too little, "[1]+8 → [0]". */
static const char *cut_name(const struct page *page,
			    const struct finding *finding)
{
	const struct edge *cut = &finding->edges[finding->cut];
	const char *type =
		member_type(page->report, &finding->members[cut->from]);
	const char *field = edge_field(page->report, cut);

	if (cut->field && type)
		return text_print(page->report, "%s%s", type, field);
	return text_print(page->report, "[%zu]%s %s [%zu]", cut->from, field,
			  page_sign(page, SIGN_TO), cut->to);
}

static bool is_cxx(const struct finding *finding)
{
	const char *runtime = finding->members[finding->head].runtime;

	return runtime && !strcmp(runtime, "c++");
}

static void readings_print(const struct page *page,
			   const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	const struct face *head = &picture->faces[finding->head];

	page_line(page, 4);
	fprintf(page->out,
		"if these references are not counted: nothing %s the ",
		is_cxx(finding) ? "deletes" : "frees");
	page_text(page, head->label);
	fputs(" from ", page->out);
	if (page_text(page, head->doing))
		fputs("  ", page->out);
	page_text(page, head->where);
	fputc('\n', page->out);
	page_line(page, 4);
	fputs("if they are: ", page->out);
	scissors(page);
	advice_print(page, finding);
	fputc('\n', page->out);
}

bool cut_print(const struct page *page, const struct picture *picture)
{
	const struct finding *finding = picture->finding;

	if (finding->cut < 0)
		return false;
	if (!cut_is_drawn(picture)) {
		page_line(page, 4);
		scissors(page);
		fputs(" cut ", page->out);
		page_text(page, cut_name(page, finding));
		if (finding->cut_reason) {
			fputs(": ", page->out);
			page_text(page, finding->cut_reason);
		}
		fputc('\n', page->out);
	}
	if (has_two_readings(finding)) {
		readings_print(page, picture);
		return true;
	}
	if (finding->cut_advice && finding->cut_reason) {
		page_line(page, 4);
		fputs("why there: ", page->out);
		page_text(page, finding->cut_reason);
		fputc('\n', page->out);
	}
	return !cut_is_drawn(picture) || finding->cut_advice;
}
