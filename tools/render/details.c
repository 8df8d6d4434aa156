/*
 * What counts, finalizers and descriptors tell of a finding, as text: the
 * references that are counted but held by nobody, and who took them; which
 * finalizers would run once the cycle is cut, in which order; which files and
 * connections stay open.
 */
#include <string.h>

#include "model/model.h"
#include "render/details.h"
#include "render/page.h"
#include "render/picture.h"
#include "render/stacks.h"
#include "render/subject.h"

#define FINALIZERS_MAX 8
#define RESOURCES_MAX 8

/* A finding that is no cycle has only one member, which needs no name. */
static void member_name(const struct page *page, const struct picture *picture,
			size_t member)
{
	if (picture->finding->kind != KIND_CYCLE)
		return;
	page_text(page, picture_name(page, picture, member));
	fputc(' ', page->out);
}

/* "count 3, 2 references known, 1 unknown": how many are unknown. */
static uint64_t count_print(const struct page *page,
			    const struct finding *finding)
{
	const struct member *head = &finding->members[0];
	uint64_t unknown;

	page_line(page, 4);
	fprintf(page->out, "count %lld", (long long)head->count);
	if (finding->references < 0)
		return 0;
	fprintf(page->out, ", %s known",
		text_plural(page->report, (uint64_t)finding->references,
			    "reference", "references"));
	if (head->count <= finding->references)
		return 0;
	unknown = (uint64_t)(head->count - finding->references);
	fprintf(page->out, ", %s unknown", text_number(page->report, unknown));
	return unknown;
}

/* The known references were taken somewhere, too. When those places cannot be
 * told apart, all are listed. */
static bool excess_print(const struct page *page, const struct finding *finding)
{
	uint64_t unknown, taken = 0;
	size_t i;

	if (finding->kind != KIND_EXCESS_REF || !finding->members_n ||
	    !finding->members[0].has_count)
		return false;
	unknown = count_print(page, finding);
	for (i = 0; i < finding->acquires_n; i++)
		taken += finding->acquires[i].count;
	if (taken)
		fputs(", taken here", page->out);
	if (unknown && taken > unknown)
		fprintf(page->out, " (%s of these %s)",
			text_number(page->report, unknown),
			text_number(page->report, taken));
	fputs(taken ? ":\n" : "\n", page->out);
	return true;
}

static bool counts_print(const struct page *page, const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	bool told = excess_print(page, finding);

	if (!finding->acquires_n)
		return told;
	if (!told) {
		page_line(page, 4);
		fputs("references taken here:\n", page->out);
	}
	acquires_print(page, picture);
	return true;
}

/* "Session.__del__" names its member itself. */
static void finalizer_print(const struct page *page,
			    const struct picture *picture, size_t member)
{
	const char *name = picture_name(page, picture, member);
	const char *text = picture->finding->members[member].finalizer;
	size_t n = strlen(name);

	if (strncmp(text, name, n) || text[n] != '.')
		member_name(page, picture, member);
	page_text(page, text);
}

/* Once the cut edge holds no count, nothing holds the member to which it leads.
 * That is the first. Its finalizer lets go of the next. */
static bool finalizers_print(const struct page *page,
			     const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	size_t n = finding->members_n, all = 0, printed = 0, i;
	size_t start = finding->cut >= 0 ? finding->edges[finding->cut].to : 0;

	for (i = 0; i < n; i++)
		all += !!finding->members[i].finalizer;
	if (!all)
		return false;
	page_line(page, 4);
	fputs(all > 1 ? "finalizers, in this order: " : "finalizer: ",
	      page->out);
	for (i = 0; i < n && printed < FINALIZERS_MAX; i++) {
		size_t at = (start + i) % n;

		if (!finding->members[at].finalizer)
			continue;
		if (printed++)
			fprintf(page->out, " %s ", page_sign(page, SIGN_TO));
		finalizer_print(page, picture, at);
	}
	if (all > printed)
		fprintf(page->out, " %s %s and %s more",
			page_sign(page, SIGN_TO),
			page_sign(page, SIGN_ELLIPSIS),
			text_number(page->report, all - printed));
	fputc('\n', page->out);
	return true;
}

/* Why the collector of the runtime does not free it. */
static bool because_print(const struct page *page,
			  const struct finding *finding)
{
	if (!finding->because)
		return false;
	page_line(page, 4);
	page_text(page, finding->because);
	fputc('\n', page->out);
	return true;
}

/* How many members name it; in *first whether none does before this one. */
static size_t resource_holders(const struct finding *finding, const char *text,
			       size_t member, bool *first)
{
	size_t i, k, n = 0;

	*first = true;
	for (i = 0; i < finding->members_n; i++)
		for (k = 0; k < finding->members[i].resources_n; k++)
			if (!strcmp(finding->members[i].resources[k], text)) {
				*first &= i >= member;
				n++;
				break;
			}
	return n;
}

/* What several members lead to is nobody's of them. */
static bool resources_print(const struct page *page,
			    const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	size_t n = 0, i, k;

	for (i = 0; i < finding->members_n; i++) {
		const struct member *member = &finding->members[i];

		for (k = 0; k < member->resources_n; k++) {
			const char *text = member->resources[k];
			bool first;
			size_t holders =
				resource_holders(finding, text, i, &first);

			if (!first || ++n > RESOURCES_MAX)
				continue;
			page_line(page, 4);
			if (holders == 1)
				member_name(page, picture, i);
			fputs("holds open ", page->out);
			page_text(page, text);
			fputc('\n', page->out);
		}
	}
	if (n > RESOURCES_MAX) {
		page_line(page, 4);
		fprintf(page->out, "holds open %s more\n",
			text_number(page->report, n - RESOURCES_MAX));
	}
	return n;
}

/* "one keeps slot[3], 3 × 6 bytes": what the head leads to. */
static bool kept_print(const struct page *page, const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	const char *kept = finding_kept(page->report, finding);

	if (!kept)
		return false;
	page_line(page, 4);
	fputs(finding->sums.count > 1 ? "one keeps " : "keeps ", page->out);
	page_text(page, kept);
	fputc('\n', page->out);
	return true;
}

bool details_print(const struct page *page, const struct picture *picture)
{
	bool told = finalizers_print(page, picture);

	told |= because_print(page, picture->finding);
	told |= resources_print(page, picture);
	told |= kept_print(page, picture);
	told |= link_print(page, picture);
	return counts_print(page, picture) || told;
}
