/*
 * See swell.h. Copies of one line that the compiler made, and the processes of
 * one program, are one place: the largest stands for all, and has their sums.
 */
#include <stdlib.h>

#include "common/die.h"
#include "meaning/identity.h"
#include "meaning/swell.h"
#include "meaning/trace.h"
#include "model/growing.h"
#include "model/memory.h"
#include "model/model.h"
#include "symbols/resolve.h"

#define PATHS_MAX 100 /* explained */

struct told {
	struct identity identity;
	struct growing *growing;
};

static struct identity identity_of(struct report *report,
				   struct growing *growing)
{
	struct member member = {.stack = growing->stack, .part_of = -1};
	struct finding finding = {
		.id = text_print(report, "%llu.%llu",
				 (unsigned long long)growing->key.program,
				 (unsigned long long)growing->key.place),
		.kind = KIND_LOST,
		.members = &member,
		.members_n = 1,
		.members_total = 1,
		.cut = -1,
	};

	finding_resolve(report, &finding);
	return identity_make(report, &finding);
}

static int by_identity(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	int order = identity_compare(&x->identity, &y->identity);

	if (order)
		return order;
	return (x->growing->rank > y->growing->rank) -
	       (x->growing->rank < y->growing->rank);
}

/* The last counts of both are of the same time, as far as anybody knows. */
static void growing_add(struct growing *to, struct growing *piece)
{
	size_t n = to->counts_n, i;

	for (i = 0; i < n && i < piece->counts_n; i++)
		to->counts[n - 1 - i] += piece->counts[piece->counts_n - 1 - i];
	to->bytes += piece->bytes;
	to->retained_bytes += piece->retained_bytes;
	to->retained_blocks += piece->retained_blocks;
	if (!to->path)
		to->path = piece->path;
}

static void told_fold(struct report *report, struct told *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct growing *growing = list[i].growing;

		growing->meant = growing;
		if (!i ||
		    identity_compare(&list[i].identity, &list[i - 1].identity))
			continue;
		growing->meant = list[i - 1].growing->meant;
		growing_add(growing->meant, growing);
	}
	for (i = 0; i < n; i++)
		if (list[i].growing->meant != list[i].growing)
			HASH_DEL(report->growing, list[i].growing);
}

/* All of them are still in the hash. */
static void holders_find(struct report *report)
{
	struct growing *growing;

	for (growing = report->growing; growing; growing = growing->hh.next) {
		struct growing_key key = {
			.program = growing->key.program,
			.place = growing->within,
		};

		if (growing->within)
			HASH_FIND(hh, report->growing, &key, sizeof(key),
				  growing->holder);
	}
}

/* A holder that is folded stands elsewhere. One that is held itself, which a
 * damaged report may say, holds nothing. */
static void holders_mean(struct report *report)
{
	struct growing *growing;

	for (growing = report->growing; growing; growing = growing->hh.next)
		if (growing->holder)
			growing->holder = growing->holder->meant;
	for (growing = report->growing; growing; growing = growing->hh.next)
		if (growing->holder == growing ||
		    (growing->holder && growing->holder->within))
			growing->holder = NULL;
}

static void paths_explain(struct report *report)
{
	struct growing *growing;
	size_t n = 0;

	for (growing = report->growing; growing && n < PATHS_MAX;
	     growing = growing->hh.next, n++)
		if (growing->path)
			path_explain(report, growing->path);
}

void growing_explain(struct report *report)
{
	size_t n = growing_count(report), i = 0;
	struct growing *growing;
	struct told *list;

	if (!n)
		return;
	list = calloc(n, sizeof(*list));
	if (!list)
		die(STATUS_FAILED, "out of memory");
	for (growing = report->growing; growing; growing = growing->hh.next)
		list[i++] =
			(struct told){identity_of(report, growing), growing};
	qsort(list, n, sizeof(*list), by_identity);
	holders_find(report);
	told_fold(report, list, n);
	free(list);
	holders_mean(report);
	growing_sort(report);
	paths_explain(report);
}
