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
#include "model/growing.h"
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
	enum subject subject;
	const void *looked_at; /* a finding or a place, */
	uint64_t count;	       /* for which so many count */
	bool counts;	       /* the first time round: they are counted */
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

/* A suppression matches what is looked at: counts it, or sees whether it
 * holds. */
static void met(struct work *work, struct suppression *one)
{
	if (!work->counts) {
		work->found |=
			!one->is_limited || one->met[work->subject] <= one->max;
		return;
	}
	one->is_used = true;
	if (one->last == work->looked_at)
		return;
	one->last = work->looked_at;
	one->met[work->subject] += work->count;
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

	work->looked_at = finding;
	work->count = finding_is_alarm(finding) ? finding->sums.count : 0;
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

static void findings_suppress(struct work *work)
{
	struct report *report = work->report;
	struct finding *finding, **todo;
	size_t n = 0;

	todo = calloc(HASH_COUNT(report->findings) + 1,
		      sizeof(struct finding *));
	if (!todo)
		die(STATUS_FAILED, "out of memory");
	work->subject = OF_FINDINGS;
	work->counts = true;
	for (finding = report->findings; finding; finding = finding->hh.next)
		finding_look(work, finding);
	work->counts = false;
	for (finding = report->findings; finding; finding = finding->hh.next)
		if (finding_look(work, finding)) {
			finding->is_suppressed = true;
			todo[n++] = finding;
		}
	holders_count(report);
	spread(report, todo, n);
	free(todo);
	suppressed_drop(report);
}

static bool place_look(struct work *work, const struct growing *growing)
{
	work->looked_at = growing;
	work->count = growing_blocks(growing);
	work->found = false;
	stack_look(work, growing->stack);
	return work->found;
}

/* A place that is held is no cause of its own: it goes with its holder, which
 * is held by none. All are in the hash until it is known which ones go. */
static void places_drop(struct report *report)
{
	struct growing *growing, *next;

	for (growing = report->growing; growing; growing = growing->hh.next)
		if (growing->holder)
			growing->is_suppressed |=
				growing->holder->is_suppressed;
	HASH_ITER(hh, report->growing, growing, next) {
		if (!growing->is_suppressed)
			continue;
		report->growing_suppressed++;
		HASH_DEL(report->growing, growing);
	}
	growing_sort(report);
}

static void places_suppress(struct work *work)
{
	struct report *report = work->report;
	struct growing *growing;

	work->subject = OF_PLACES;
	work->counts = true;
	for (growing = report->growing; growing; growing = growing->hh.next)
		place_look(work, growing);
	work->counts = false;
	for (growing = report->growing; growing; growing = growing->hh.next)
		growing->is_suppressed = place_look(work, growing);
	places_drop(report);
}

void report_suppress(struct report *report, struct suppressions *all)
{
	struct work work = {.report = report, .all = all};

	if (!all->n)
		return;
	findings_suppress(&work);
	places_suppress(&work);
	names_free(&work);
}
