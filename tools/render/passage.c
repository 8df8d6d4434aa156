/*
 * One finding as text: a headline, the drawing with the cut, what else is
 * known, the stacks.
 */
#include <string.h>

#include "common/text.h"
#include "model/entries.h"
#include "model/kinds.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/cut.h"
#include "render/details.h"
#include "render/draw.h"
#include "render/names.h"
#include "render/page.h"
#include "render/passage.h"
#include "render/picture.h"
#include "render/processes.h"
#include "render/stacks.h"
#include "render/subject.h"
#include "render/words.h"

#define THREADS_MAX 4

static const enum colour colours[] = {
	[KIND_CYCLE] = RED,
	[KIND_LOST] = YELLOW,
	[KIND_EXCESS_REF] = RED,
};

static void headline(const struct page *page, const struct finding *finding,
		     const struct finding *holder)
{
	page_line(page, 0);
	fprintf(page->out, "%s%s%s%s  ", finding->pending ? "PENDING " : "",
		page_colour(page,
			    finding->pending ? DIM : colours[finding->kind]),
		kind_words[finding->kind].title, page_colour(page, PLAIN));
	page_text(page, finding_line(page->report, finding));
	fprintf(page->out, "   %s%s, id ", page_colour(page, DIM),
		confidence_words[finding->confidence]);
	page_text(page, finding->id);
	if (holder) {
		fputs(holder->kind == KIND_EXCESS_REF ? ", kept by excess-ref "
						      : ", held by ",
		      page->out);
		page_text(page, holder->id);
	}
	fprintf(page->out, "%s\n", page_colour(page, PLAIN));
}

static const char *thread_name(struct report *report,
			       const struct thread *thread)
{
	struct entry_line entry = {thread->frame, thread->symbol, NULL};

	const char *name =
		thread->is_main ? "" : entry_function(report, &entry);

	if (thread->is_main)
		return "the main thread";
	if (!thread->symbol->function || text_begins(name, "operator"))
		return text_print(report, "the thread of %s",
				  entry_where(report, &entry));
	return text_print(report,
			  strchr("})", name[strlen(name) - 1]) ? "thread %s"
							       : "thread %s()",
			  name);
}

/* "in thread serve()": where there are several. */
static void threads_print(const struct page *page,
			  const struct finding *finding)
{
	size_t i;

	if (!page->report->has_threads || !finding->threads_n)
		return;
	page_line(page, 4);
	for (i = 0; i < finding->threads_n && i < THREADS_MAX; i++) {
		fputs(i ? ", " : "in ", page->out);
		page_text(page,
			  thread_name(page->report, &finding->threads[i]));
	}
	if (i < finding->threads_n)
		fprintf(page->out, " and %zu more", finding->threads_n - i);
	fputc('\n', page->out);
}

/* Names the nested findings that are elsewhere, because another holds them,
 * too. */
static void nested_print(const struct page *page, const struct finding *finding)
{
	struct finding *inner;
	size_t i, n = 0;

	for (i = 0; i < finding->nested_n; i++) {
		HASH_FIND_STR(page->report->findings, finding->nested[i],
			      inner);
		if (inner && inner != finding &&
		    (!inner->rank || inner->rank > finding->rank))
			continue;
		if (!n++) {
			page_line(page, 4);
			fputs(inner == finding ? "holds others of its own kind"
					       : "holds ",
			      page->out);
		} else {
			fputs(", ", page->out);
		}
		if (inner != finding)
			page_text(page, finding->nested[i]);
	}
	if (n)
		fputc('\n', page->out);
}

/* The stacks of what was folded into the finding. */
static void pieces_print(const struct page *page, const struct finding *finding)
{
	const struct finding *piece;
	struct picture picture;

	for (piece = finding->next_piece; piece; piece = piece->next_piece) {
		picture = picture_make(page, piece);
		page_line(page, 4);
		fputs("folded into it: ", page->out);
		page_text(page, finding_subject(page->report, piece));
		fprintf(page->out, ", %s\n",
			text_size(page->report, piece->sums.bytes));
		stacks_print(page, &picture, piece->kind == KIND_CYCLE);
	}
}

static void all_print(const struct page *page, const struct finding *finding,
		      const struct finding *holder)
{
	bool told = false, heading = finding->kind == KIND_CYCLE;
	struct picture picture = picture_make(page, finding);

	headline(page, finding, holder);
	processes_print(page, finding);
	threads_print(page, finding);
	if (heading && finding->members_n) {
		fputc('\n', page->out);
		cycle_draw(page, &picture);
		fputc('\n', page->out);
		told = cut_print(page, &picture);
	}
	nested_print(page, finding);
	told |= details_print(page, &picture);
	if (page->verbose)
		told |= words_print(page, &picture);
	if (told)
		fputc('\n', page->out);
	stacks_print(page, &picture, heading || told);
	if (page->verbose)
		pieces_print(page, finding);
	fputc('\n', page->out);
}

/* A report may have many thousand findings: what printing one takes is given
 * back. */
void finding_print(const struct page *page, const struct finding *finding,
		   const struct finding *holder)
{
	void *mark = report_mark(page->report);

	all_print(page, finding, holder);
	report_rewind(page->report, mark);
}
