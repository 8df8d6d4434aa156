/* See cpython_visits.h. A hash table, emptied by the list of its places. */
#include "base/arena.h"
#include "base/list.h"
#include "runtimes/cpython_visits.h"

static struct {
	struct visit *table;
	uint32_t room;	  /* a power of two */
	struct list used; /* uint32_t: places in the table */
	uint32_t left;
} visits;

static uint32_t place_of(uintptr_t value)
{
	uint32_t i = (value * 0x9e3779b97f4a7c15u) >> 32 & (visits.room - 1);

	while (visits.table[i].value && visits.table[i].value != value)
		i = (i + 1) & (visits.room - 1);
	return i;
}

static bool grow(void)
{
	uint32_t i, *used = visits.used.list, n = visits.used.n;
	uint32_t room = visits.room ? 2 * visits.room : 1024;
	struct visit *old = visits.table;
	size_t bytes = visits.room * sizeof *old;

	visits.table = arena_map(room * sizeof *old);
	if (!visits.table) {
		visits.table = old;
		return false;
	}
	visits.room = room;
	for (i = 0; i < n; i++) {
		uint32_t to = place_of(old[used[i]].value);

		visits.table[to] = old[used[i]];
		used[i] = to;
	}
	arena_unmap(old, bytes);
	return true;
}

bool cpython_visits_add(uintptr_t value)
{
	uint32_t i;

	if ((!visits.room || 2 * visits.used.n >= visits.room) && !grow())
		return false;
	i = place_of(value);
	if (!visits.table[i].value) {
		if (!list_add(&visits.used, &i, sizeof i))
			return false;
		visits.table[i] = (struct visit){value, 0};
	}
	visits.table[i].left++;
	visits.left++;
	return true;
}

void cpython_visits_clear(void)
{
	const uint32_t *used = visits.used.list;
	uint32_t i;

	for (i = 0; i < visits.used.n; i++)
		visits.table[used[i]].value = 0;
	visits.used.n = 0;
	visits.left = 0;
}

bool cpython_visits_are(bool is(const struct visit *))
{
	const uint32_t *used = visits.used.list;
	uint32_t i;

	for (i = 0; i < visits.used.n; i++)
		if (!is(&visits.table[used[i]]))
			return false;
	return true;
}

bool cpython_visited(uintptr_t value)
{
	uint32_t i;

	if (!visits.left || !value)
		return false;
	i = place_of(value);
	if (!visits.table[i].value || !visits.table[i].left)
		return false;
	visits.table[i].left--;
	visits.left--;
	return true;
}

uint32_t cpython_visits_left(void)
{
	return visits.left;
}

int cpython_visits_rest(int (*use)(uintptr_t value, void *data), void *data)
{
	const uint32_t *used = visits.used.list;
	uint32_t i;
	int err = 0;

	for (i = 0; visits.left && i < visits.used.n; i++)
		while (!err && visits.table[used[i]].left) {
			visits.table[used[i]].left--;
			visits.left--;
			err = use(visits.table[used[i]].value, data);
		}
	return err;
}
