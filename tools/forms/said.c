/*
 * See said.h.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "forms/said.h"
#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/page.h"
#include "render/passage.h"
#include "render/subject.h"

/* With a capital and a full stop. */
static const char *sentence(struct report *report, const char *text)
{
	char *whole;

	if (!text || !*text)
		return "";
	whole = report_take(report, strlen(text) + 3, 1);
	whole[0] = ' ';
	strcpy(whole + 1, text);
	whole[1] = (char)toupper((unsigned char)text[0]);
	if (!strchr(".!?", text[strlen(text) - 1]))
		strcat(whole, ".");
	return whole;
}

const char *finding_said(struct report *report, const struct finding *finding)
{
	return text_print(report, "%s: %s.%s%s", kind_words[finding->kind].name,
			  finding_line(report, finding),
			  sentence(report, finding->cut_advice),
			  sentence(report, finding->because));
}

const char *finding_passage(struct report *report,
			    const struct finding *finding)
{
	char *text = NULL;
	const char *kept;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct page page;

	if (!out)
		die(STATUS_FAILED, "out of memory");
	page_init(&page, report, out);
	page.utf8 = true;
	page.colour = false;
	finding_print(&page, finding, NULL);
	if (fclose(out))
		die(STATUS_FAILED, "out of memory");
	kept = report_copy(report, text, n);
	free(text);
	return kept;
}

void left_out(unsigned long n, const char *form, unsigned long limit)
{
	if (n > limit)
		note("%s takes %lu findings; the %lu smallest are left out",
		     form, limit, n - limit);
}
