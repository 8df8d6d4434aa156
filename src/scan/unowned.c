/* See unowned.h. */
#include <errno.h>
#include "base/list.h"
#include "base/rows.h"
#include "heap/range.h"
#include "scan/unowned.h"

bool unowned_weak_exist, unowned_borrowed_exist;

static struct words {
	struct list ranges; /* struct range */
	uint32_t n;	    /* at unowned_begin() */
} words[2];

/* Words are asked in order of address, mostly. So the gap in which the last one
 * lay is kept. */
struct gap {
	uintptr_t low, size;
};

int unowned_add(enum unowned kind, uintptr_t low, uintptr_t high)
{
	struct range new = {low, high};

	if (low >= high)
		return 0;
	return list_add(&words[kind].ranges, &new, sizeof new) ? 0 : -ENOMEM;
}

void unowned_begin(void)
{
	words[UNOWNED_WEAK].n = words[UNOWNED_WEAK].ranges.n;
	words[UNOWNED_BORROWED].n = words[UNOWNED_BORROWED].ranges.n;
}

void unowned_forget(void)
{
	words[UNOWNED_WEAK].ranges.n = words[UNOWNED_WEAK].n;
	words[UNOWNED_BORROWED].ranges.n = words[UNOWNED_BORROWED].n;
}

/* Sorts ranges, and joins those that overlap. Whether there are any. */
static bool settle(struct list *ranges)
{
	struct range *list = ranges->list;
	uint32_t i, n = 0;

	rows_sort(list, sizeof *list, ranges->n);
	for (i = 0; i < ranges->n; i++)
		if (n && list[i].low <= list[n - 1].high)
			list[n - 1].high = list[i].high > list[n - 1].high
						   ? list[i].high
						   : list[n - 1].high;
		else
			list[n++] = list[i];
	ranges->n = n;
	return n;
}

void unowned_sort(void)
{
	unowned_weak_exist = settle(&words[UNOWNED_WEAK].ranges);
	unowned_borrowed_exist = settle(&words[UNOWNED_BORROWED].ranges);
}

static bool has_word(const struct list *ranges, struct gap *gap, uintptr_t at)
{
	const struct range *list = ranges->list;
	uint32_t n;

	if (at - gap->low < gap->size)
		return false;
	n = rows_above(list, sizeof *list, ranges->n, at);
	if (n && at < list[n - 1].high)
		return true;
	gap->low = n ? list[n - 1].high : 0;
	gap->size = (n < ranges->n ? list[n].low : UINTPTR_MAX) - gap->low;
	return false;
}

bool unowned_is_weak(uintptr_t at)
{
	static struct gap gap;

	return has_word(&words[UNOWNED_WEAK].ranges, &gap, at);
}

bool unowned_is_borrowed(uintptr_t at)
{
	static struct gap gap;

	return unowned_borrowed_exist &&
	       has_word(&words[UNOWNED_BORROWED].ranges, &gap, at);
}
