/*
 * See news.h. A line for each, in the order of the report.
 */
#include <stdio.h>

#include "model/model.h"
#include "render/news.h"
#include "render/page.h"

#define NEWS_MAX 20

static bool is_news(const struct finding *finding)
{
	return finding_is_alarm(finding) &&
	       finding->sums.count > finding->earlier;
}

static void finding_tell(const struct page *page, const struct finding *finding)
{
	fprintf(page->out, "gordian: %s since the check before: ",
		finding->earlier ? "grown" : "new");
	if (finding->earlier)
		fprintf(page->out, "from %s to ",
			text_number(page->report, finding->earlier));
	fprintf(page->out, "%s %s ",
		text_number(page->report, finding->sums.count),
		page_sign(page, SIGN_TIMES));
	page_text(page, finding->title ? finding->title : "?");
	fputs(", id ", page->out);
	page_text(page, finding->id);
	fputc('\n', page->out);
}

void news_print(const struct page *page)
{
	const struct finding *finding;
	size_t n = 0;

	if (!page->report->since)
		return;
	for (finding = page->report->findings; finding;
	     finding = finding->hh.next)
		if (is_news(finding) && n++ < NEWS_MAX)
			finding_tell(page, finding);
	if (n > NEWS_MAX)
		fprintf(page->out,
			"gordian: %s more are new or grown since the check "
			"before\n",
			text_number(page->report, n - NEWS_MAX));
	if (!n)
		fputs("gordian: nothing is new since the check before\n",
		      page->out);
}
