/*
 * See picture.h.
 */
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "render/lines.h"
#include "render/makers.h"
#include "render/names.h"
#include "render/page.h"
#include "render/picture.h"
#include "render/way.h"

bool faces_alike(const struct face *a, const struct face *b)
{
	return !strcmp(a->label, b->label) && !strcmp(a->doing, b->doing) &&
	       !strcmp(a->where, b->where);
}

static void faces_make(struct report *report, struct picture *picture)
{
	const struct member *members = picture->finding->members;
	size_t n = picture->finding->members_n, i, k;
	struct maker maker;

	picture->faces = report_take(report, n, sizeof(*picture->faces));
	for (i = 0; i < n; i++) {
		struct face *face = &picture->faces[i];

		for (k = 0; k < i && members[k].stack != members[i].stack; k++)
			;
		*face = picture->faces[k];
		if (k == i) {
			maker = stack_maker(report, members[i].stack);
			face->doing = maker_doing(report, &maker);
			face->where = maker.where;
			face->maker = maker.entry;
		}
		face->label = member_label(report, &members[i]);
	}
}

static void lines_fill(const struct page *page, struct picture *picture)
{
	const struct member *members = picture->finding->members;
	size_t n = picture->finding->members_n, i, k;

	for (i = 0; i < n; i++) {
		struct face *face = &picture->faces[i];

		if (!face->listed)
			continue;
		picture->listed++;
		if (!members[i].type && face->maker)
			entry_lacks(face->maker, LACKS_TYPES);
		for (k = 0; k < i; k++)
			if (picture->faces[k].listed &&
			    members[k].stack == members[i].stack)
				break;
		face->like = picture->faces[k].like;
		face->lines = picture->faces[k].lines;
		if (k < i)
			continue;
		face->lines = lines_make(page->report, members[i].stack,
					 page->unfolded);
		for (k = 0; k < i; k++)
			if (picture->faces[k].listed &&
			    lines_equal(&picture->faces[k].lines, &face->lines))
				break;
		face->like = k;
	}
}

/* Whether a member is named apart from the drawing: its references were taken
 * somewhere. */
static bool is_named(const struct finding *finding, size_t member)
{
	return finding->kind == KIND_CYCLE && finding->acquires_n &&
	       (finding->cut < 0 || finding->edges[finding->cut].to == member);
}

/* A size is no name. Nor is a label that two have whose stacks differ, or of
 * which one has to be told from the other. */
static bool needs_numbers(const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	const struct face *faces = picture->faces;
	size_t n = finding->members_n, i, k;

	for (i = 0; i < n; i++) {
		if (!faces[i].listed)
			continue;
		if (!finding->members[i].type)
			return true;
		for (k = 0; k < i; k++)
			if (faces[k].listed &&
			    !strcmp(faces[k].label, faces[i].label) &&
			    (faces[k].like != faces[i].like ||
			     is_named(finding, i) || is_named(finding, k)))
				return true;
	}
	return false;
}

struct picture picture_make(const struct page *page,
			    const struct finding *finding)
{
	struct picture picture = {
		.finding = finding,
		.faces_n = finding->members_n,
		.way = way_find(page->report, finding),
	};
	size_t i;

	faces_make(page->report, &picture);
	for (i = 0; i < picture.way.n; i++)
		picture.faces[picture.way.steps[i].member].listed = true;
	for (i = 0; page->unfolded && i < finding->members_n; i++)
		picture.faces[i].listed = true;
	lines_fill(page, &picture);
	picture.numbered = page->unfolded || needs_numbers(&picture);
	if (finding->members_n == 1)
		picture.numbered = false;
	return picture;
}

const char *picture_name(const struct page *page, const struct picture *picture,
			 size_t member)
{
	if (picture->numbered || !picture->faces[member].listed)
		return text_print(page->report, "[%zu]", member);
	return picture->faces[member].label;
}
