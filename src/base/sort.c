/*
 * Merge sort from the bottom up, and sets of keys made with it.
 *
 * Runs in the snapshot child. No locks.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/sort.h"

#define RUN 16u		/* sorted by insertion: most input is short */
#define KEYS_FIRST 256u /* room for a set's first keys */

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

void items_sort(struct item *items, struct item *scratch, uint32_t n)
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

void keys_settle(struct keys *keys)
{
	uint32_t i, n = 0;

	items_sort(keys->items, keys->scratch, keys->n);
	for (i = 0; i < keys->n; i++) {
		if (!n || keys->items[i].key != keys->items[n - 1].key)
			keys->items[n++] = keys->items[i];
	}
	keys->n = n;
}

/* Doubles the room. The old room stays with the arena. */
static int keys_grow(struct keys *keys, struct arena *arena)
{
	uint32_t space = keys->space ? 2 * keys->space : KEYS_FIRST;
	struct item *items = arena_array(arena, space, sizeof(*items));
	struct item *scratch = arena_array(arena, space, sizeof(*items));

	if (!items || !scratch)
		return -ENOMEM;
	if (keys->n)
		memcpy(items, keys->items, keys->n * sizeof(*items));
	keys->items = items;
	keys->scratch = scratch;
	keys->space = space;
	return 0;
}

/* Repetitions are dropped when the room is full. So the room grows with the
 * number of distinct keys, not of calls. */
int keys_add(struct keys *keys, struct arena *arena, uint64_t key)
{
	if (keys->n && keys->items[keys->n - 1].key == key)
		return 0;
	if (keys->n == keys->space) {
		if (keys->n)
			keys_settle(keys);
		if (keys->n >= keys->space / 2 && keys_grow(keys, arena))
			return -ENOMEM;
	}
	keys->items[keys->n++].key = key;
	return 0;
}
