/* See cpython_traverse.h. The visits are a hash table, emptied for each object
 * by the list of its places. */
#include <errno.h>
#include "base/arena.h"
#include "base/list.h"
#include "base/text.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_traverse.h"
#include "runtimes/cpython_types.h"
#include "scan/fault.h"
#include "scan/foreign.h"
#include "scan/runtime.h"

#define VISITS_MOST (1u << 28)
#define NAME_BYTES 100

static struct {
	struct visit *table;
	uint32_t room;	  /* a power of two */
	struct list used; /* uint32_t: places in the table */
	uint32_t left;
	uint64_t n;
	bool failed;
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

static bool add(uintptr_t value)
{
	uint32_t i;

	if (2 * visits.used.n >= visits.room && !grow())
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

static int note_visit(void *object, void *data)
{
	(void)data;
	foreign_hold(true);
	if (++visits.n > VISITS_MOST || !object || !add((uintptr_t)object))
		visits.failed = true;
	foreign_hold(false);
	if (visits.failed)
		foreign_leave();
	return 0;
}

static void clear(void)
{
	const uint32_t *used = visits.used.list;
	uint32_t i;

	for (i = 0; i < visits.used.n; i++)
		visits.table[used[i]].value = 0;
	visits.used.n = 0;
	visits.left = 0;
	visits.n = 0;
	visits.failed = false;
}

struct call {
	int (*traverse)(void *, int (*)(void *, void *), void *);
	void *object;
};

static long run(void *data)
{
	const struct call *call = data;

	return call->traverse(call->object, note_visit, NULL);
}

static bool is_object(const struct visit *visit)
{
	int64_t count;

	if (!is_pointer(visit->value) ||
	    !cpython_type(word_at(visit->value + OBJECT_TYPE)))
		return false;
	count = cpython_count(visit->value);
	return !count || visit->left <= count;
}

/* The interpreter's own code is believed. */
static bool are_objects(const struct cpython_type *type)
{
	const uint32_t *used = visits.used.list;
	uint32_t i;

	if (type->traverse - cpython.low < cpython.high - cpython.low)
		return true;
	for (i = 0; i < visits.used.n; i++)
		if (!is_object(&visits.table[used[i]]))
			return false;
	return true;
}

static void give_up(struct cpython_type *type, const char *why,
		    struct arena *arena)
{
	char name[NAME_BYTES], *line = arena_alloc(arena, 2 * NAME_BYTES);
	struct text text = {line, 2 * NAME_BYTES, 0};

	type->opaque = true;
	if (!line)
		return;
	fault_copy(name, word_at(type->at + TYPE_NAME), sizeof name);
	name[sizeof name - 1] = 0;
	text_add(&text, "tp_traverse of Python's type ");
	text_add(&text, name);
	text_add(&text, why);
	text_add(&text, ": what its objects hold is not known");
	runtime_warn(line);
}

bool cpython_traverse(struct cpython_type *type, uintptr_t at,
		      struct arena *arena)
{
	struct call call = {(int (*)(void *, int (*)(void *, void *),
				     void *))type->traverse,
			    (void *)at};
	enum foreign end;

	if (!visits.room && !grow())
		return false;
	clear();
	end = foreign_call(run, &call);
	if (end == FOREIGN_LATE)
		give_up(type, " does not return", arena);
	else if (end == FOREIGN_CALLED)
		give_up(type, " makes a system call", arena);
	else if (end != FOREIGN_RETURNED && !visits.failed)
		give_up(type, " crashes", arena);
	else if (visits.failed || !are_objects(type))
		give_up(type, " visits what its object does not hold", arena);
	return !type->opaque;
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
