/*
 * See cpython_collector.h. The state of a collector has the heads of three
 * generations, each with two ints behind it, then (before 3.14) a pointer to
 * the first of them, then the head of what is frozen. Before the heads are the
 * ints `enabled` and `debug`. In some builds of 3.13 the heads lie at multiples
 * of 4, right behind the ints: the pointer says it. Each interpreter has a
 * state. Before 3.13 it is found by that pointer.
 */
#include <stdint.h>
#include "runtimes/cpython_collector.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "scan/declare.h"

#define INTERPRETERS 256
#define INTERPRETER_BYTES 32768
#define THREADS 65536

#define GENERATION 24
#define GENERATIONS 3
#define STATE_FIRST 24	 /* the first head, in the state */
#define STATE_POINTER 96 /* to that head */
#define STATE_ENABLED 12
#define LOOKED_AT 4096 /* members of a list, to see where they are */
#define LOOKED_AT_LEAST 256

static uintptr_t state_of(uintptr_t interpreter)
{
	uintptr_t at = interpreter, end = at + INTERPRETER_BYTES;

	if (cpython.state)
		return interpreter + cpython.state;
	for (; at < end; at += 8)
		if (word_at(at + GENERATIONS * GENERATION) == at)
			return at - STATE_FIRST;
	return 0;
}

/* The first head. */
static uintptr_t first_of(uintptr_t state)
{
	uintptr_t first = cpython.minor < 14 ? word_at(state + STATE_POINTER)
					     : state + STATE_FIRST;

	return first == state + STATE_FIRST - 4 ? first : state + STATE_FIRST;
}

static uintptr_t frozen_of(uintptr_t state)
{
	return state + STATE_POINTER + (cpython.minor < 14 ? 8 : 0);
}

static uint32_t int_at(uintptr_t at)
{
	return *(const volatile uint32_t *)at;
}

static bool is_state(uintptr_t state)
{
	return int_at(state + STATE_ENABLED) <= 1 &&
	       cpython_is_linked(frozen_of(state));
}

static bool is_whole(uintptr_t state)
{
	uint32_t i;

	for (i = 0; i < GENERATIONS; i++)
		if (!cpython_is_linked(first_of(state) + i * GENERATION))
			return false;
	return true;
}

/* Marks what is in a list. */
static void freeze(uintptr_t head)
{
	uintptr_t at = word_at(head + GC_NEXT) & ~GC_FLAGS;
	uint32_t i;

	for (i = 0; at != head && is_pointer(at) && i < cpython_objects_n;
	     i++) {
		struct cpython_object *o = cpython_object_at(at + GC_HEAD);

		if (o)
			o->bits |= MARK_FROZEN;
		at = word_at(at + GC_NEXT) & ~GC_FLAGS;
	}
}

static void freeze_all(uintptr_t state)
{
	uint32_t i;

	freeze(frozen_of(state));
	if (int_at(state + STATE_ENABLED))
		return;
	for (i = 0; i < GENERATIONS; i++)
		freeze(first_of(state) + i * GENERATION);
}

/* Counts members of a list that are objects as we know them, and others. */
static void look_at(uintptr_t head, uint32_t *here, uint32_t *all)
{
	uintptr_t at = word_at(head + GC_NEXT) & ~GC_FLAGS;
	uint32_t i;

	for (i = 0; at != head && is_pointer(at) && i < LOOKED_AT; i++) {
		*here += cpython_object_at(at + GC_HEAD) != NULL;
		at = word_at(at + GC_NEXT) & ~GC_FLAGS;
	}
	*all += i;
}

static enum collector judge(uintptr_t state)
{
	uint32_t i, here = 0, all = 0;

	if (!state || !is_state(state))
		return COLLECTOR_UNKNOWN;
	if (int_at(state + cpython.collecting) || !is_whole(state))
		return COLLECTOR_BUSY;
	for (i = 0; i < GENERATIONS; i++)
		look_at(first_of(state) + i * GENERATION, &here, &all);
	if (all >= LOOKED_AT_LEAST && all > 8 * here)
		return COLLECTOR_ELSEWHERE;
	freeze_all(state);
	return COLLECTOR_KNOWN;
}

enum collector cpython_collectors(void)
{
	uintptr_t at = word_at(cpython.runtime + cpython.interpreters);
	enum collector is = COLLECTOR_KNOWN;
	uint32_t i;

	if (!at)
		return COLLECTOR_NONE;
	for (i = 0; is_pointer(at) && i < INTERPRETERS && !is; i++) {
		is = judge(state_of(at));
		at = word_at(at + cpython.next);
	}
	return at && !is ? COLLECTOR_UNKNOWN : is;
}

/* A chunk begins with the one before it, and its size. */
static int stack_of(uintptr_t thread)
{
	uintptr_t chunk = word_at(thread + cpython.stack);
	uintptr_t top = word_at(thread + cpython.stack + 8);
	uintptr_t limit = word_at(thread + cpython.stack + 16);
	uintptr_t size = word_of(chunk, 8);

	if (!size || chunk + size < limit || top <= chunk || top > limit)
		return 0;
	return declare_weak(top, limit);
}

static int stacks_of(uintptr_t interpreter)
{
	uintptr_t at = word_at(interpreter + cpython.threads);
	uint32_t i;
	int err = 0;

	for (i = 0; is_pointer(at) && i < THREADS && !err; i++) {
		err = stack_of(at);
		at = word_at(at + cpython.thread_next);
	}
	return err;
}

int cpython_stacks(void)
{
	uintptr_t at = word_at(cpython.runtime + cpython.interpreters);
	uint32_t i;
	int err = 0;

	if (!cpython.stack)
		return 0;
	for (i = 0; is_pointer(at) && i < INTERPRETERS && !err; i++) {
		err = stacks_of(at);
		at = word_at(at + cpython.next);
	}
	return err;
}
