/*
 * See lost.h.
 */
#include <string.h>

#include "meaning/blocks.h"
#include "meaning/lost.h"
#include "model/memory.h"
#include "model/model.h"

/* part of the whole, where the two are counted in other units. */
static uint64_t share(uint64_t whole, uint64_t part, uint64_t of)
{
	return of ? (uint64_t)((double)whole * (double)part / (double)of + 0.5)
		  : whole;
}

/* Takes the instances away that another finding holds. */
static void held_leave(struct sums *sums)
{
	uint64_t all = sums->bytes + sums->retained_bytes;

	if (sums->outer_unknown || !sums->outer || sums->outer >= sums->count)
		return;
	sums->bytes = share(sums->bytes, sums->outer_bytes, all);
	sums->retained_bytes = sums->outer_bytes - sums->bytes;
	sums->blocks = share(sums->blocks, sums->outer, sums->count);
	sums->retained_blocks =
		share(sums->retained_blocks, sums->outer, sums->count);
	sums->count = sums->outer;
}

/* Adds what the kept blocks hold open, and how they are finalized, to the
 * head. */
static void resources_gather(struct report *report, struct finding *finding)
{
	struct member *head = finding->members;
	size_t i, k, n = 0;
	const char **list;

	for (i = 0; i <= finding->kept_n; i++)
		n += finding->members[i].resources_n;
	list = report_take(report, n, sizeof(*list));
	for (n = 0, i = 0; i <= finding->kept_n; i++) {
		const struct member *member = &finding->members[i];

		for (k = 0; k < member->resources_n; k++)
			list[n++] = member->resources[k];
		if (!head->finalizer)
			head->finalizer = member->finalizer;
	}
	head->resources = list;
	head->resources_n = n;
}

void lost_settle(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	struct sums *sums = &finding->sums;
	uint64_t head, all;

	finding->was_cycle = true;
	if (!sums->blocks) /* an old report */
		sums->blocks = sums->count * (1 + finding->kept_n);
	held_leave(sums);
	all = sums->bytes + sums->retained_bytes;
	head = sums->count * finding->members[0].size;
	if (head > sums->bytes)
		head = sums->bytes;
	sums->retained_blocks +=
		sums->blocks > sums->count ? sums->blocks - sums->count : 0;
	sums->blocks = sums->count;
	sums->bytes = head;
	sums->retained_bytes = all - head;
	resources_gather(blocks->report, finding);
}

/* Whether the finding is none of its own. */
static bool is_held(const struct finding *finding)
{
	return finding->was_cycle && finding->is_nested &&
	       !finding->sums.outer_unknown && !finding->sums.outer_bytes;
}

/* Names in `to` what `from` names, which is left out. */
static void nested_add(struct report *report, struct finding *to,
		       const struct finding *from)
{
	size_t i, k, n = to->nested_n;
	const char **nested =
		report_take(report, n + from->nested_n, sizeof(*nested));

	if (n)
		memcpy(nested, to->nested, n * sizeof(*nested));
	for (i = 0; i < from->nested_n; i++) {
		for (k = 0; k < n && strcmp(nested[k], from->nested[i]);)
			k++;
		if (k == n && strcmp(to->id, from->nested[i]))
			nested[n++] = from->nested[i];
	}
	to->nested = nested;
	to->nested_n = to->nested_room = n;
}

/* Replaces what is no cycle in a list of nested findings by what is nested in
 * it. The list grows while it is read: that comes in turn, each once. */
static void nested_clear(struct report *report, struct finding *finding)
{
	struct finding *inner;
	size_t i = 0;

	finding->met = finding;
	while (i < finding->nested_n) {
		HASH_FIND_STR(report->findings, finding->nested[i], inner);
		if (!inner || !inner->was_cycle) {
			i++;
			continue;
		}
		finding->nested[i] = finding->nested[--finding->nested_n];
		if (inner->met != finding)
			nested_add(report, finding, inner);
		inner->met = finding;
	}
}

void lost_drop(struct report *report)
{
	struct finding *finding, *next;

	for (finding = report->findings; finding; finding = finding->hh.next)
		nested_clear(report, finding);
	for (finding = report->findings; finding; finding = next) {
		next = finding->hh.next;
		if (is_held(finding))
			HASH_DELETE(hh, report->findings, finding);
		else if (finding->was_cycle)
			finding->is_nested = false;
	}
}
