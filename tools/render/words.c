/*
 * See words.h.
 */
#include "model/model.h"
#include "render/names.h"
#include "render/page.h"
#include "render/picture.h"
#include "render/words.h"

static const char *const sources[] = {
	[TYPE_FROM_MACRO] = "a macro",
	[TYPE_FROM_RUNTIME] = "its runtime",
	[TYPE_FROM_VTABLE] = "its virtual table",
	[TYPE_FROM_TEMPLATE] = "the function that allocated it",
	[TYPE_FROM_DEBUG] = "debug information",
	[TYPE_FROM_EDGE] = "a field that points at it",
	[TYPE_FROM_PART] = "its owner",
};

/* "[0] Club, 56 bytes at 0x5581, of type by its virtual table, part of [2]" */
static void block_print(const struct page *page, const struct finding *finding,
			size_t i)
{
	const struct member *member = &finding->members[i];

	page_line(page, 8);
	fprintf(page->out, "[%zu] ", i);
	if (member->type) {
		page_text(page, member->type);
		fputs(", ", page->out);
	}
	fputs(text_size(page->report, member->size), page->out);
	if (member->address)
		fprintf(page->out, " at %s", member->address);
	if (member->type && sources[member->type_from])
		fprintf(page->out, ", typed by %s%s",
			sources[member->type_from],
			member->type_sure ? "" : ", not for sure");
	if (finding->objects_n && member->part_of >= 0)
		fprintf(page->out, ", part of [%ld]", member->part_of);
	fputc('\n', page->out);
}

static void word_print(const struct page *page, const struct edge *word)
{
	page_line(page, 12);
	fprintf(page->out, "+%lld", (long long)word->offset);
	if (word->field && *word->field) {
		fputc(' ', page->out);
		page_text(page, edge_field(page->report, word));
	}
	fprintf(page->out, " %s [%zu]", page_sign(page, SIGN_TO), word->to);
	if (word->kind[0] != 's')
		fprintf(page->out, " %s", word->kind);
	fputc('\n', page->out);
}

bool words_print(const struct page *page, const struct picture *picture)
{
	const struct finding *finding = picture->finding;
	const struct edge *words =
		finding->words_n ? finding->words : finding->edges;
	size_t n = finding->words_n ? finding->words_n : finding->edges_n;
	size_t i, k;

	if (!finding->members_n)
		return false;
	page_line(page, 4);
	fputs("blocks and words\n", page->out);
	for (i = 0; i < finding->members_n; i++) {
		block_print(page, finding, i);
		for (k = 0; k < n; k++)
			if (words[k].from == i)
				word_print(page, &words[k]);
	}
	return true;
}
