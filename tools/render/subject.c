/*
 * See subject.h.
 */
#include <stdbool.h>
#include <string.h>

#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/names.h"
#include "render/page.h"
#include "render/subject.h"

#define KEPT_MAX 6 /* kinds of blocks */

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
	const char *line = finding_subject(report, finding);

	if (finding->baseline && finding->baseline < sums->count)
		line = text_print(report, "%s, %s in the baseline", line,
				  text_number(report, finding->baseline));
	line = text_print(report, "%s, %s", line,
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

/* How many of the kept from the i-th on have its label. 0: one before it has
 * the label, too. */
static size_t alike_count(const char **labels, size_t n, size_t i)
{
	size_t alike = 1, k;

	for (k = 0; k < i; k++)
		if (!strcmp(labels[k], labels[i]))
			return 0;
	for (k = i + 1; k < n; k++)
		alike += !strcmp(labels[k], labels[i]);
	return alike;
}

const char *finding_kept(struct report *report, const struct finding *finding)
{
	const struct member *kept = finding->members + finding->members_n;
	size_t n = finding->kept_n, kinds = 0, i, alike;
	const char **labels = report_take(report, n, sizeof(*labels));
	const char *line = NULL, *one;

	for (i = 0; i < n; i++)
		labels[i] = member_label(report, &kept[i]);
	for (i = 0; i < n; i++) {
		alike = alike_count(labels, n, i);
		if (!alike)
			continue;
		if (kinds++ == KEPT_MAX)
			return text_print(report, "%s and more", line);
		one = alike > 1
			      ? text_print(report, "%zu × %s", alike, labels[i])
			      : labels[i];
		line = line ? text_print(report, "%s, %s", line, one) : one;
	}
	return line;
}
