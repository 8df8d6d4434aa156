/*
 * See undecided.h. Objects are kept in order of block. Where none was added,
 * nothing is asked.
 */
#include <errno.h>
#include "base/list.h"
#include "base/rows.h"
#include "scan/undecided.h"

enum state {
	LIVE = 1,    /* it need wait no longer */
	DOUBTED = 2, /* it need not begin to, nor will it be undecided */
	TOUCHED = 4, /* it waits although no word can be a reference to it */
};

struct object {
	uintptr_t block;
	uint32_t shared, weak; /* references that are counted */
	uint32_t outside;      /* words of live memory that were met while it
				  waited */
	uint32_t words;	       /* all, as far as they have been met */
	uint32_t own;	       /* of those: in what the object owns */
	uint32_t state;
};

static struct list objects; /* struct object */
static uint32_t waiting;
static bool counted, ends; /* ends: no object waits any longer */

int undecided_add(uintptr_t block, int64_t shared, int64_t weak)
{
	struct object new = {
		.block = block,
		.shared = (uint32_t)shared,
		.weak = (uint32_t)weak,
	};

	return list_add(&objects, &new, sizeof new) ? 0 : -ENOMEM;
}

uint32_t undecided_added(void)
{
	return objects.n;
}

void undecided_forget(uint32_t n)
{
	objects.n = n;
}

/* They mostly come in order. */
void undecided_sort(void)
{
	const struct object *list = objects.list;
	uint32_t i;

	for (i = 1; i < objects.n && list[i - 1].block < list[i].block; i++)
		;
	if (i < objects.n)
		rows_sort(objects.list, sizeof *list, objects.n);
}

static struct object *find(uintptr_t block)
{
	struct object *list = objects.list;
	uint32_t i = rows_find(list, sizeof *list, objects.n, block);

	return i < objects.n && list[i].block == block ? &list[i] : NULL;
}

static bool waits(const struct object *object)
{
	return (object->outside || object->state & TOUCHED) &&
	       !(object->state & LIVE);
}

/* NULL: it need not wait. */
static struct object *wait(uintptr_t block, bool passing)
{
	struct object *object = ends ? NULL : find(block);

	if (!object || object->state & LIVE)
		return NULL;
	if (passing || (object->state & DOUBTED && !waits(object))) {
		object->state |= LIVE;
		return NULL;
	}
	if (!waits(object) && ++waiting > UNDECIDED_MOST)
		ends = true;
	return object;
}

bool undecided_waits(uintptr_t block, bool passing)
{
	struct object *object = wait(block, passing);

	if (!object)
		return false;
	if (object->outside == object->weak) {
		object->state |= LIVE;
		return false;
	}
	object->outside++;
	object->words += !counted;
	return true;
}

bool undecided_is_touched(uintptr_t block, bool passing)
{
	struct object *object = wait(block, passing);

	if (!object)
		return false;
	object->state |= TOUCHED;
	return true;
}

bool undecided_is_doubted(uintptr_t block)
{
	struct object *object = ends ? NULL : find(block);

	if (!object)
		return false;
	object->state |= DOUBTED;
	return waits(object);
}

void undecided_count(uintptr_t block, bool own)
{
	struct object *object = find(block);

	if (!object)
		return;
	object->words++;
	object->own += own;
}

bool undecided_any(void)
{
	return waiting;
}

void undecided_stop(void)
{
	ends = true;
}

/* What an object has of itself is weak, by enable_shared_from_this. */
static bool may_be_dead(const struct object *object)
{
	return !ends && !(object->state & DOUBTED) &&
	       object->words == object->shared + object->weak &&
	       (!object->outside ||
		object->outside + object->own == object->weak);
}

bool undecided_enter(void (*enter)(uintptr_t block))
{
	struct object *list = objects.list;
	bool some = false;
	uint32_t i;

	counted = true;
	for (i = 0; i < objects.n; i++) {
		if (!waits(&list[i]) || may_be_dead(&list[i]))
			continue;
		list[i].state |= LIVE;
		enter(list[i].block);
		some = true;
	}
	return some;
}

void undecided_enter_rest(void (*enter)(uintptr_t block))
{
	const struct object *list = objects.list;
	uint32_t i;

	ends = true;
	for (i = 0; i < objects.n; i++)
		if (waits(&list[i]))
			enter(list[i].block);
}

int64_t undecided_words(uintptr_t block)
{
	const struct object *object = find(block);

	if (!object || !waits(object))
		return -1;
	return object->words - object->outside;
}
