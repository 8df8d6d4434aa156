/*
 * See fold.h. The findings are in order: of those that are folded, the first
 * is the largest alarm, if one is an alarm. It stands for all.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "meaning/fold.h"
#include "meaning/id.h"
#include "meaning/identity.h"
#include "model/finish.h"
#include "model/gone.h"
#include "model/history.h"
#include "model/memory.h"
#include "model/model.h"

/* A finding while it is folded. */
struct told {
	struct identity identity;
	struct finding *finding;
	size_t rank; /* among the report's */
};

static void scans_add(struct finding *to, const struct finding *from)
{
	if (to->sampled != from->sampled)
		return;
	if (from->first_scan < to->first_scan)
		to->first_scan = from->first_scan;
	if (from->last_scan > to->last_scan)
		to->last_scan = from->last_scan;
}

/* What is gone does not count beside what is there. */
static void piece_add(struct report *report, struct finding *to,
		      struct finding *piece)
{
	piece->next_piece = to->next_piece;
	to->next_piece = piece;
	piece->meant = to;
	scans_add(to, piece);
	history_join(report, to, piece);
	to->earlier += piece->earlier;
	if (piece->gone && !to->gone)
		return;
	sums_add(&to->sums, &piece->sums);
	to->pending &= piece->pending;
	if (piece->confidence < to->confidence)
		to->confidence = piece->confidence;
}

static size_t nested_most(const struct finding *finding)
{
	size_t n = 0;

	for (; finding; finding = finding->next_piece)
		n += finding->nested_n;
	return n;
}

/* Puts what is nested in a finding or its pieces into `nested`, as of ids of
 * meaning. `raw` has all by the ids that they came with. */
static void nested_mean(struct report *report, struct finding *raw,
			struct finding *to)
{
	const struct finding *piece;
	struct finding *inner;
	const char **nested;
	size_t i, n = 0;

	nested = report_take(report, nested_most(to) + 1, sizeof(*nested));
	for (piece = to; piece; piece = piece->next_piece)
		for (i = 0; i < piece->nested_n; i++) {
			HASH_FIND(hh_raw, raw, piece->nested[i],
				  strlen(piece->nested[i]), inner);
			inner = inner ? inner->meant : NULL;
			if (!inner || inner == to || inner->listed_in == to)
				continue;
			inner->listed_in = to;
			nested[n++] = inner->id;
		}
	to->nested = nested;
	to->nested_n = to->nested_room = n;
}

static int by_identity(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	int order = identity_compare(&x->identity, &y->identity);

	if (order)
		return order;
	return x->rank == y->rank ? 0 : x->rank < y->rank ? -1 : 1;
}

/* The report's findings by what they mean; in *n how many. */
static struct told *told_make(struct report *report, size_t *n)
{
	struct told *list =
		calloc(HASH_COUNT(report->findings) + 1, sizeof(*list));
	struct finding *finding;

	if (!list)
		die(STATUS_FAILED, "out of memory");
	*n = 0;
	for (finding = report->findings; finding; finding = finding->hh.next) {
		list[*n].identity = identity_make(report, finding);
		list[*n].finding = finding;
		list[*n].rank = *n;
		++*n;
	}
	qsort(list, *n, sizeof(*list), by_identity);
	return list;
}

/* Folds equal neighbours. */
static struct finding *told_fold(struct report *report, struct told *list,
				 size_t n)
{
	struct finding *folded = NULL, *same;
	size_t i, place = 0;

	for (i = 0; i < n; i++) {
		struct told *told = &list[i];

		if (i &&
		    !identity_compare(&told->identity, &told[-1].identity)) {
			piece_add(report, told[-1].finding->meant,
				  told->finding);
			continue;
		}
		place = i && told->identity.hash == told[-1].identity.hash
				? place + 1
				: 0;
		told->finding->meant = told->finding;
		if (told->identity.is_named)
			told->finding->id =
				id_make(report, told->identity.hash, place);
		HASH_FIND_STR(folded, told->finding->id, same);
		if (same)
			piece_add(report, same, told->finding);
		else
			HASH_ADD_KEYPTR(hh, folded, told->finding->id,
					strlen(told->finding->id),
					told->finding);
	}
	return folded;
}

void findings_fold(struct report *report)
{
	struct finding *raw = NULL, *finding, *folded;
	struct told *list;
	size_t n;

	list = told_make(report, &n);
	for (finding = report->findings; finding; finding = finding->hh.next)
		HASH_ADD_KEYPTR(hh_raw, raw, finding->id, strlen(finding->id),
				finding);
	HASH_CLEAR(hh, report->findings);
	folded = told_fold(report, list, n);
	for (finding = folded; finding; finding = finding->hh.next)
		nested_mean(report, raw, finding);
	HASH_CLEAR(hh_raw, raw);
	free(list);
	report->findings = folded;
	findings_order(report);
}
