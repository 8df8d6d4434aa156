/*
 * See gc.h. What only needs the tables is done at once, inside the guard. The
 * rest asks a snapshot child, outside the guard, so that this thread can be
 * stopped like any other.
 */
#include <string.h>
#include "base/config.h"
#include "base/out.h"
#include "base/sys.h"
#include "base/text.h"
#include "gordian.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "hooks/gc.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/stopped.h"
#include "process/tally.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "snapshot/frozen.h"
#include "snapshot/news.h"
#include "snapshot/shared.h"
#include "snapshot/snapshot.h"
#include "snapshot/trigger.h"
#include "snapshot/triggers.h"

static bool is_ready(void)
{
	return library_is_ready() && !shared_init();
}

/* The callers have spilled their registers, above this frame. */
static __attribute__((noinline)) int ask(enum ask what, const void *about)
{
	struct stopped here = stopped_from_sp((uintptr_t)FRAME);

	return snapshot_ask(TRIGGER_API, what, (uintptr_t)about, &here);
}

/* One question at a time: until answers_drop() no other thread's answers
 * come. */
static struct answers *answers_take(void)
{
	struct answers *answers = &shared_memory()->answers;
	const int64_t nap[2] = {0, 200000};

	while (__atomic_exchange_n(&answers->busy, 1, __ATOMIC_ACQUIRE))
		sys(SYS_nanosleep, nap, 0);
	answers->n = answers->whole = 0;
	return answers;
}

/* Clears the answers: their words must keep nothing alive. */
static void answers_drop(struct answers *answers)
{
	uint32_t n = answers->n < ANSWERS ? answers->n : ANSWERS;

	memset(answers->list, 0, n * sizeof *answers->list);
	__atomic_store_n(&answers->busy, 0, __ATOMIC_RELEASE);
}

static bool scan(enum ask what)
{
	uint32_t n = shared_memory()->scan + 1;
	int err;

	news_tell_begin(n);
	err = ask(what, NULL);
	news_deliver();
	return !err && shared_memory()->counted >= n;
}

/* Whether a function that we call ourselves has called us: it would wait for
 * itself. */
static bool is_called_back(void)
{
	return thread_self && thread_self->calls_back;
}

int gc_check(void)
{
	__builtin_unwind_init();
	if (!is_ready() || is_called_back() || !scan(ASK_NOTHING))
		return -1;
	return shared_memory()->fresh;
}

static uint64_t freed_blocks, freed_bytes; /* what gc_collect() freed */

/* The totals, as exactly as one thread can know them. */
static void totals(int64_t *blocks, int64_t *bytes)
{
	if (thread_self)
		tally_flush(&thread_self->tally);
	*blocks = tally_blocks();
	*bytes = tally_bytes();
}

/* Notes what breaking cycles gave back: how much less there is now. */
static void note_freed(int cycles, int64_t blocks, int64_t bytes)
{
	char line[160];
	struct text t = {line, sizeof line, 0};
	int64_t blocks_now, bytes_now;

	totals(&blocks_now, &bytes_now);
	blocks = blocks > blocks_now ? blocks - blocks_now : 0;
	bytes = bytes > bytes_now ? bytes - bytes_now : 0;
	__atomic_fetch_add(&freed_blocks, blocks, __ATOMIC_RELAXED);
	__atomic_fetch_add(&freed_bytes, bytes, __ATOMIC_RELAXED);
	if (!config.debug)
		return;
	text_add(&t, "collect: ");
	text_number(&t, cycles);
	text_add(&t, " cycles broken, ");
	text_number(&t, blocks);
	text_add(&t, " blocks with ");
	text_number(&t, bytes);
	text_add(&t, " bytes freed");
	out_note(line);
}

static void call_clear(const struct answer *answer)
{
	thread_calls_back(true);
	answer->clear((void *)answer->at);
	thread_calls_back(false);
}

/* A clear function may free owners in its own cycle, not in another: each is of
 * a component of its own. */
int gc_collect(void)
{
	struct answers *answers;
	int64_t blocks, bytes;
	int i, n = -1;

	__builtin_unwind_init();
	if (!is_ready() || is_called_back())
		return -1;
	answers = answers_take();
	if (scan(ASK_CUTS))
		n = answers->n < ANSWERS ? answers->n : ANSWERS;
	totals(&blocks, &bytes);
	for (i = 0; i < n; i++)
		call_clear(&answers->list[i]);
	if (n > 0) {
		heap_spare();
		note_freed(n, blocks, bytes);
	}
	answers_drop(answers);
	return n;
}

int gc_enable(int on)
{
	int before = !trigger_off;

	if (is_called_back())
		return -1;
	if (on >= 0)
		trigger_off = !on;
	return before;
}

/* This thread applies the new rule at once, the others when their credit is
 * used up. */
long gc_threshold(long n)
{
	struct thread *self;
	long before = config.threshold;

	if (is_called_back())
		return -1;
	self = guard_enter(FRAME);
	if (n >= 0)
		config.threshold = n;
	if (self) {
		if (n >= 0)
			trigger_grant(self, 0);
		guard_leave(self, NULL);
	}
	return before;
}

int gc_stats(struct gordian_stats *out)
{
	const struct shared *shared;

	if (!out || !is_ready() || is_called_back())
		return -1;
	shared = shared_memory();
	*out = (struct gordian_stats){
		.scans = shared->scan,
		.blocks = shared->blocks,
		.bytes = shared->bytes,
		.objects = shared->objects,
		.findings = shared->findings,
		.pause_us = shared->scan ? shared->pause_us : 0,
		.freed_blocks = freed_blocks,
		.freed_bytes = freed_bytes,
	};
	return 0;
}

int gc_baseline(void)
{
	struct thread *self;

	if (is_called_back())
		return -1;
	self = guard_enter(FRAME);
	heap_baseline();
	guard_end(self);
	return 0;
}

int gc_is_tracked(const void *p)
{
	struct thread *self;
	struct heap_entry entry;
	int known;

	if (is_called_back())
		return -1;
	self = guard_enter(FRAME);
	known = p && (heap_find(p, &entry) || refs_is_known((uintptr_t)p));
	guard_end(self);
	return known;
}

int gc_referrers(const void *p, const void **out, int room)
{
	struct answers *answers;
	int i, n = -1;

	__builtin_unwind_init();
	if (!is_ready() || is_called_back())
		return -1;
	if (!p)
		return 0;
	answers = answers_take();
	if (!ask(ASK_REFERRERS, p) && answers->whole) {
		n = answers->n;
		for (i = 0; i < n && i < room && i < ANSWERS; i++)
			out[i] = (const void *)answers->list[i].at;
	}
	answers_drop(answers);
	return n;
}

/* When there is no room for all, only the first ones are compared. */
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
	struct thread *self;
	struct heap_entry from;
	int n = 0;

	if (is_called_back())
		return -1;
	self = guard_enter(FRAME);
	if (p && heap_find(p, &from))
		n = referents(&from, out, room);
	guard_end(self);
	return n;
}

int gc_callback(gordian_callback_fn *fn, void *data)
{
	if (!is_ready() || is_called_back())
		return -1;
	news_callback(fn, data);
	return 0;
}

int gc_debug(int level)
{
	int before = config.debug;

	if (is_called_back())
		return -1;
	if (level >= 0)
		config.debug = level;
	return before;
}
