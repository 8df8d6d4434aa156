/*
 * See subject.h.
 */
#include <stdbool.h>

#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/names.h"
#include "render/page.h"
#include "render/subject.h"

static bool is_typed(const struct finding *finding)
{
	size_t i;

	for (i = 0; i < finding->members_n; i++)
		if (finding->members[i].type)
			return true;
	return false;
}

/* "Club ⇄ Member", "message"; NULL: sizes would be no name. */
static const char *title(struct report *report, const struct finding *finding)
{
	if (finding->kind == KIND_CYCLE)
		return is_typed(finding) ? finding->title : NULL;
	if (!finding->members_n)
		return NULL;
	return member_type(report, &finding->members[finding->head]);
}

const char *finding_subject(struct report *report,
			    const struct finding *finding)
{
	const struct kind_words *words = &kind_words[finding->kind];
	const char *name = title(report, finding), *number;

	if (name)
		return text_print(report, "%s × %s",
				  text_number(report, finding->sums.count),
				  name);
	number = text_plural(report, finding->sums.count, words->one,
			     words->many);
	if (finding->kind != KIND_CYCLE || finding->members_total < 2)
		return number;
	return text_print(
		report, "%s of %s", number,
		text_plural(report, finding->members_total, "block", "blocks"));
}

/* What was folded into it, and itself. */
static size_t pieces_count(const struct finding *finding)
{
	size_t n = 0;

	for (; finding; finding = finding->next_piece)
		n++;
	return n;
}

const char *finding_line(struct report *report, const struct finding *finding)
{
	const struct sums *sums = &finding->sums;
	const char *line =
		text_print(report, "%s, %s", finding_subject(report, finding),
			   text_size(report, sums->bytes));

	if (finding->next_piece)
		line = text_print(report, "%s, from %zu places", line,
				  pieces_count(finding));
	if (sums->retained_blocks)
		line = text_print(report, "%s, keeps %s more in %s", line,
				  text_size(report, sums->retained_bytes),
				  text_plural(report, sums->retained_blocks,
					      "block", "blocks"));
	return line;
}
