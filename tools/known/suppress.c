/*
 * See suppress.h. A finding that stands for several is suppressed when each of
 * them is matched, by whichever suppression.
 *
 * Frames repeat: a text is held against the patterns once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "known/pattern.h"
#include "known/suppress.h"
#include "known/suppressions.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"

/* A text of frames, and the suppressions of leaks that match it. */
struct name {
	const char *text;
	size_t n;
	uint32_t *matches; /* in the report's memory */
	UT_hash_handle hh;
};

struct work {
	struct report *report;
	struct suppressions *all;
	struct name *names;
	const struct finding *finding; /* that is looked at */
	bool counts; /* the first time round: instances are counted */
	bool found;
};

static void names_free(struct work *work)
{
	HASH_CLEAR(hh, work->names);
}

static struct name *name_of(struct work *work, const char *text)
{
	struct suppressions *all = work->all;
	struct name *name;
	uint32_t *list;
	size_t i;

	HASH_FIND_STR(work->names, text, name);
	if (name)
		return name;
	name = report_take(work->report, 1, sizeof(*name));
	list = malloc((all->n + 1) * sizeof(*list));
	if (!list)
		die(STATUS_FAILED, "out of memory");
	name->text = text;
	for (i = 0; i < all->n; i++)
		if (all->list[i].what == SUPPRESSES_LEAKS &&
		    pattern_matches(all->list[i].pattern, text))
			list[name->n++] = (uint32_t)i;
	name->matches = report_take(work->report, name->n, sizeof(*list));
	if (name->n)
		memcpy(name->matches, list, name->n * sizeof(*list));
	free(list);
	HASH_ADD_KEYPTR(hh, work->names, text, strlen(text), name);
	return name;
}

/* A suppression matches the finding: counts it, or sees whether it holds. */
static void met(struct work *work, struct suppression *one)
{
	if (!work->counts) {
		work->found |= !one->is_limited || one->met <= one->max;
		return;
	}
	one->is_used = true;
	if (one->last == work->finding || !finding_is_alarm(work->finding))
		return;
	one->last = work->finding;
	one->met += work->finding->sums.count;
}

static void text_look(struct work *work, const char *text)
{
	const struct name *name;
	size_t i;

	if (!text || !*text)
		return;
	name = name_of(work, text);
	for (i = 0; i < name->n; i++)
		met(work, &work->all->list[name->matches[i]]);
}

static void stack_look(struct work *work, const struct stack *stack)
{
	size_t i, k;

	for (i = 0; i < stack->n; i++) {
		const struct frame *frame = &stack->frames[i];

		if (frame->module)
			text_look(work, frame->module->path);
		for (k = 0; k < frame->place->n; k++) {
			text_look(work, frame->place->symbols[k].function);
			text_look(work, frame->place->symbols[k].file);
		}
	}
}

bool cycle_texts(struct report *report, const struct finding *finding,
		 bool use(const char *text, void *data), void *data)
{
	void *mark = report_mark(report);
	bool stopped = false;
	size_t i;

	for (i = 0; i < finding->members_n && !stopped; i++)
		if (finding->members[i].type)
			stopped = use(finding->members[i].type, data);
	for (i = 0; i < finding->edges_n && !stopped; i++) {
		const struct edge *edge = &finding->edges[i];
		const char *type = finding->members[edge->from].type;
		char *text;

		if (!type || !edge->field || !*edge->field)
			continue;
		text = report_take(report, 1,
				   strlen(type) + strlen(edge->field) + 2);
		sprintf(text, "%s%s%s", type, *edge->field == '[' ? "" : ".",
			edge->field);
		stopped = use(text, data);
	}
	report_rewind(report, mark);
	return stopped;
}

static bool cycle_look(const char *text, void *data)
{
	struct work *work = data;
	struct suppression *one = work->all->list;
	size_t i;

	for (i = 0; i < work->all->n; i++, one++)
		if (one->what == SUPPRESSES_CYCLES &&
		    pattern_matches(one->pattern, text))
			met(work, one);
	return false;
}

/* Whether a suppression that holds matches one of those for which a finding
 * stands. Of what is no cycle the head counts: the rest is kept by it. */
static bool piece_look(struct work *work, const struct finding *piece)
{
	size_t i;

	work->found = false;
	if (piece->kind != KIND_CYCLE) {
		if (piece->head < piece->members_n)
			stack_look(work, piece->members[piece->head].stack);
		return work->found;
	}
	for (i = 0; i < piece->members_n; i++)
		if (!i ||
		    piece->members[i].stack != piece->members[i - 1].stack)
			stack_look(work, piece->members[i].stack);
	cycle_texts(work->report, piece, cycle_look, work);
	return work->found;
}

static bool finding_look(struct work *work, const struct finding *finding)
{
	const struct finding *piece;
	bool all = true;

	work->finding = finding;
	for (piece = finding; piece; piece = piece->next_piece)
		if (finding->gone || !piece->gone)
			all &= piece_look(work, piece);
	return all;
}

static struct finding *finding_by_id(const struct report *report,
				     const char *id)
{
	struct finding *finding;

	HASH_FIND_STR(report->findings, id, finding);
	return finding;
}

/* Counts for each finding those that hold it. */
static void holders_count(struct report *report)
{
	struct finding *finding, *inner;
	size_t i;

	for (finding = report->findings; finding; finding = finding->hh.next)
		for (i = 0; i < finding->nested_n; i++) {
			inner = finding_by_id(report, finding->nested[i]);
			if (inner && inner != finding)
				inner->holders++;
		}
}

/* Whether nothing but suppressed findings holds any of its instances. */
static bool goes_too(const struct finding *inner)
{
	return !inner->is_suppressed && !inner->holders &&
	       (inner->sums.outer_unknown || !inner->sums.outer);
}

/* Suppresses what only suppressed findings hold. `todo` has room for all. */
static void spread(struct report *report, struct finding **todo, size_t n)
{
	struct finding *finding, *inner;
	size_t i;

	while (n) {
		finding = todo[--n];
		for (i = 0; i < finding->nested_n; i++) {
			inner = finding_by_id(report, finding->nested[i]);
			if (!inner || inner == finding)
				continue;
			inner->holders--;
			if (!goes_too(inner))
				continue;
			inner->is_suppressed = true;
			todo[n++] = inner;
		}
	}
}

static void nested_drop(const struct report *report, struct finding *finding)
{
	size_t i, n = 0;

	for (i = 0; i < finding->nested_n; i++)
		if (finding_by_id(report, finding->nested[i]))
			finding->nested[n++] = finding->nested[i];
	finding->nested_n = n;
}

static void suppressed_drop(struct report *report)
{
	struct finding *finding, *next;

	for (finding = report->findings; finding; finding = next) {
		next = finding->hh.next;
		if (!finding->is_suppressed)
			continue;
		report->suppressed += finding_is_alarm(finding);
		HASH_DEL(report->findings, finding);
	}
	for (finding = report->findings; finding; finding = finding->hh.next)
		nested_drop(report, finding);
	findings_order(report);
}

void report_suppress(struct report *report, struct suppressions *all)
{
	struct work work = {.report = report, .all = all, .counts = true};
	struct finding *finding, **todo;
	size_t n = 0;

	if (!all->n)
		return;
	todo = calloc(HASH_COUNT(report->findings) + 1,
		      sizeof(struct finding *));
	if (!todo)
		die(STATUS_FAILED, "out of memory");
	for (finding = report->findings; finding; finding = finding->hh.next)
		finding_look(&work, finding);
	work.counts = false;
	for (finding = report->findings; finding; finding = finding->hh.next)
		if (finding_look(&work, finding)) {
			finding->is_suppressed = true;
			todo[n++] = finding;
		}
	names_free(&work);
	holders_count(report);
	spread(report, todo, n);
	free(todo);
	suppressed_drop(report);
}
