/*
 * Merge sort from the bottom up, and sets of keys made with it.
 *
 * Runs in the snapshot child. No locks.
 */
#include <string.h>
#include "base/sort.h"

#define RUN 16u /* sorted by insertion: most input is short */

static void run_sort(struct item *items, uint32_t n)
{
	uint32_t i, j;

	for (i = 1; i < n; i++) {
		struct item item = items[i];

		for (j = i; j && items[j - 1].key > item.key; j--)
			items[j] = items[j - 1];
		items[j] = item;
	}
}

/* from[0..middle) and from[middle..n), each sorted, become to[0..n). */
static void runs_merge(const struct item *from, uint32_t middle, uint32_t n,
		       struct item *to)
{
	uint32_t a = 0, b = middle, i;

	for (i = 0; i < n; i++) {
		if (b == n || (a < middle && from[a].key <= from[b].key))
			to[i] = from[a++];
		else
			to[i] = from[b++];
	}
}

static uint32_t min(uint64_t a, uint32_t b)
{
	return a < b ? (uint32_t)a : b;
}

void sort_items(struct item *items, struct item *scratch, uint32_t n)
{
	struct item *from = items, *to = scratch, *swap;
	uint64_t width, i;

	for (i = 0; i < n; i += RUN)
		run_sort(items + i, min(RUN, n - (uint32_t)i));
	for (width = RUN; width < n; width *= 2) {
		for (i = 0; i < n; i += 2 * width) {
			uint32_t left = n - (uint32_t)i;

			runs_merge(from + i, min(width, left),
				   min(2 * width, left), to + i);
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, n * sizeof(*items));
}
