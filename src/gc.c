/*
 * See gc.h. What only needs the tables is done here and now, inside the guard;
 * the rest asks a snapshot child, with the guard open, so that this thread can
 * be stopped like any other.
 */
#include "block.h"
#include "config.h"
#include "gc.h"
#include "init.h"
#include "refs.h"
#include "snapshot.h"
#include "stop.h"

/* The callers have spilled their registers, above this frame. */
static __attribute__((noinline)) int scan(void)
{
	struct stopped here = stop_from_sp((uintptr_t)FRAME);

	return init_done() ? snapshot_take(TRIGGER_API, &here) : -1;
}

int gc_check(void)
{
	__builtin_unwind_init();
	return scan() ? -1 : (int)snapshot_shared()->fresh;
}

int gc_collect(void)
{
	return -1;
}

int gc_enable(int on)
{
	int before = !trigger_off;

	if (on >= 0)
		trigger_off = !on;
	return before;
}

/* This thread looks at the new rule at once, others when their credit is
 * used up. */
long gc_threshold(long n)
{
	struct thread *self = guard_enter(FRAME);
	long before = config.threshold;

	if (n >= 0)
		config.threshold = n;
	if (self) {
		if (n >= 0)
			self->credit = 0;
		guard_leave(self, NULL);
	}
	return before;
}

int gc_stats(struct gordian_stats *out)
{
	const struct shared *shared = snapshot_shared();

	if (!out || !shared)
		return -1;
	*out = (struct gordian_stats){
		.scans = shared->scan,
		.blocks = shared->blocks,
		.bytes = shared->bytes,
		.objects = shared->objects,
		.findings = shared->findings,
		.pause_us = shared->scan ? shared->pause_us : 0,
	};
	return 0;
}

int gc_baseline(void)
{
	struct thread *self = guard_enter(FRAME);

	heap_baseline();
	if (self)
		guard_leave(self, NULL);
	return 0;
}

int gc_is_tracked(const void *p)
{
	struct thread *self = guard_enter(FRAME);
	struct heap_entry entry;
	int known;

	known = p && (heap_find(p, &entry) || refs_is_known((uintptr_t)p));
	if (self)
		guard_leave(self, NULL);
	return known;
}

int gc_referrers(const void *p, const void **out, int room)
{
	(void)p, (void)out, (void)room;
	return -1;
}

/* Only the first ones are compared where there is no room for them all. */
static bool is_listed(const void **out, int n, int room, uintptr_t block)
{
	int i;

	for (i = 0; i < n && i < room; i++)
		if ((uintptr_t)out[i] == block)
			return true;
	return false;
}

static int referents(const struct heap_entry *from, const void **out, int room)
{
	const uintptr_t *words = (const uintptr_t *)from->address;
	struct heap_entry to;
	int n = 0;
	size_t i;

	if (from->address % sizeof *words)
		return 0;
	for (i = 0; i < from->size / sizeof *words; i++) {
		if (!heap_find((const void *)words[i], &to) ||
		    is_listed(out, n, room, to.address))
			continue;
		if (n < room)
			out[n] = (const void *)to.address;
		n++;
	}
	return n;
}

int gc_referents(const void *p, const void **out, int room)
{
	struct thread *self = guard_enter(FRAME);
	struct heap_entry from;
	int n = 0;

	if (p && heap_find(p, &from))
		n = referents(&from, out, room);
	if (self)
		guard_leave(self, NULL);
	return n;
}

int gc_callback(gordian_callback_fn *fn, void *data)
{
	(void)fn, (void)data;
	return -1;
}

int gc_debug(int level)
{
	int before = config.debug;

	if (level >= 0)
		config.debug = level;
	return before;
}
