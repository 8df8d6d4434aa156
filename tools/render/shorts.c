/*
 * What is no alarm, in one line each: suspects, then what is gone. A suspect
 * that is gone is left out, and what was pending.
 */
#include <inttypes.h>

#include "model/kinds.h"
#include "model/model.h"
#include "render/makers.h"
#include "render/page.h"
#include "render/shorts.h"

#define SHORTS_MAX 10

static void short_print(const struct page *page, const struct finding *finding)
{
	const struct kind_words *words = &kind_words[finding->kind];

	fprintf(page->out, "%s %s: %s, %s", finding->gone ? "gone" : "suspect",
		words->name,
		text_plural(page->report, finding->sums.count, words->one,
			    words->many),
		text_size(page->report, finding->sums.bytes));
	if (finding->members_n) {
		fputs(", from ", page->out);
		page_text(page,
			  stack_place(page->report, finding->members[0].stack));
	}
	if (finding->gone) {
		fprintf(page->out, "; last seen by scan %" PRIu64,
			finding->last_scan);
	} else if (finding->held_by) {
		fputs("; held only by ", page->out);
		page_text(page, finding->held_by);
	}
	if (finding->came_back)
		fputs(", which was wrong: it was in use", page->out);
	fputs("   id ", page->out);
	page_text(page, finding->id);
	fputc('\n', page->out);
}

static bool is_short(const struct finding *finding, bool gone)
{
	return gone ? finding->gone && finding_tells(finding)
		    : !finding->gone && finding->confidence == SUSPECT;
}

static void some_print(const struct page *page, bool gone)
{
	const struct finding *finding = page->report->findings;
	uint64_t n = 0;

	for (; finding; finding = finding->hh.next)
		if (is_short(finding, gone) && n++ < SHORTS_MAX)
			short_print(page, finding);
	if (n > SHORTS_MAX)
		fprintf(page->out,
			"%s: %" PRIu64 " more; --format=json has all\n",
			gone ? "gone" : "suspect", n - SHORTS_MAX);
}

void shorts_print(const struct page *page)
{
	some_print(page, false);
	some_print(page, true);
}
