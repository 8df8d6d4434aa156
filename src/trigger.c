/*
 * See trigger.h. Threads count in their own records and add to the totals
 * when their credit is used up, so that the rule is exact where one thread
 * allocates and never late by more than the credit of the others.
 *
 * The rule "a quarter more, at least 10,000" is CPython's (its full
 * collection waits for 25 % more long-lived objects).
 */
#include <time.h>
#include "audit.h"
#include "budget.h"
#include "config.h"
#include "guard.h"
#include "init.h"
#include "snapshot.h"
#include "sys.h"
#include "trigger.h"

#define GROWTH_MIN 10000
#define CREDIT_MAX 4096
#define CREDIT_WAITING 256 /* while the budget does not allow a scan */
#define POSTPONE_US 50000
#define IDLE_NS 50000000 /* who ran less since the last scan, did nothing */

bool trigger_timed, trigger_off;

static int64_t blocks, bytes; /* totals */
static uint64_t captures;     /* the same */
static int64_t scanned_blocks;
static uint64_t next_us;       /* of the interval */
static uint64_t not_before_us; /* postponed until then */
static uint64_t cost_us;       /* of the last scan */

/* What the program has done: it differs after any allocation, free or macro. */
struct activity {
	int64_t blocks, bytes;
	uint64_t captures, cpu_ns;
	uint32_t macros;
};
static struct activity scanned; /* at the last scan */
static struct activity at_fork;

const char *trigger_name(enum trigger trigger)
{
	static const char *const name[] = {"threshold", "interval", "request",
					   "api", "exit"};

	return name[trigger];
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

void trigger_init(void)
{
	uint64_t now = now_us();

	budget_init(now);
	next_us = now + config.interval_us;
	trigger_timed = config.interval_us != 0;
	if (guard_self) /* granted before the options were known */
		trigger_grant(guard_self, 0);
}

void trigger_look_always(bool always)
{
	trigger_timed = always || config.interval_us;
}

void trigger_flush(struct thread *self)
{
	__atomic_fetch_add(&blocks, self->blocks, __ATOMIC_RELAXED);
	__atomic_fetch_add(&bytes, self->bytes, __ATOMIC_RELAXED);
	self->blocks = self->bytes = 0;
	__atomic_fetch_add(&captures, self->granted - self->credit,
			   __ATOMIC_RELAXED);
	self->granted = self->credit;
}

uint64_t trigger_captures(void)
{
	uint64_t sum = captures;
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		sum += t->granted - t->credit;
	return sum;
}

void trigger_totals(struct thread *self, int64_t *blocks_now,
		    int64_t *bytes_now)
{
	if (self)
		trigger_flush(self);
	*blocks_now = __atomic_load_n(&blocks, __ATOMIC_RELAXED);
	*bytes_now = __atomic_load_n(&bytes, __ATOMIC_RELAXED);
}

static int64_t growth_wanted(void)
{
	if (config.threshold)
		return config.threshold;
	return scanned_blocks / 4 > GROWTH_MIN ? scanned_blocks / 4
					       : GROWTH_MIN;
}

/* Blocks still to come before the next scan. */
static int64_t growth_left(void)
{
	return scanned_blocks + growth_wanted() -
	       __atomic_load_n(&blocks, __ATOMIC_RELAXED);
}

static void note_due(struct thread *self)
{
	__atomic_fetch_or(&self->pending, PENDING_DUE, __ATOMIC_RELAXED);
}

void trigger_grant(struct thread *self, int64_t credit)
{
	if (credit > CREDIT_MAX)
		credit = CREDIT_MAX;
	if (config.check_stacks && (uint64_t)credit >= config.check_stacks)
		credit = config.check_stacks - 1;
	self->granted += credit - self->credit;
	self->credit = credit;
}

void trigger_look(struct thread *self)
{
	int64_t left;

	if (unlikely(config.check_stacks))
		audit_stack(self);
	trigger_flush(self);
	left = growth_left();
	if (left > 0) {
		trigger_grant(self, left / 8);
		return;
	}
	trigger_grant(self, config.threshold ? 0 : CREDIT_WAITING);
	note_due(self);
}

void trigger_look_at_clock(struct thread *self)
{
	if (config.interval_us && now_us() >= next_us)
		note_due(self);
	if (news_are_due())
		__atomic_fetch_or(&self->pending, PENDING_NEWS,
				  __ATOMIC_RELAXED);
}

/* Of a scan now: as the last one, in proportion to the blocks, and a quarter
 * more, as no two are alike. */
static uint64_t expected_us(void)
{
	int64_t now = __atomic_load_n(&blocks, __ATOMIC_RELAXED);
	double growth = now > scanned_blocks && scanned_blocks > 0
				? (double)now / scanned_blocks
				: 1;

	return cost_us * growth * 1.25;
}

bool trigger_is_affordable(void)
{
	return budget_allows(now_us(), expected_us());
}

/* Ended threads' records count as well. */
static struct activity activity_now(void)
{
	struct activity a = {.captures = trigger_captures(),
			     .cpu_ns = sys_cpu_ns()};
	const struct thread *t;

	for (t = thread_first(); t; t = t->next) {
		a.blocks += t->blocks;
		a.bytes += t->bytes;
		a.macros += t->macros;
	}
	a.blocks += __atomic_load_n(&blocks, __ATOMIC_RELAXED);
	a.bytes += __atomic_load_n(&bytes, __ATOMIC_RELAXED);
	return a;
}

/* Pointers change without a hook, but not without time to run. What a second
 * scan has to confirm is seen once more. */
static bool is_idle(void)
{
	struct activity now;

	if (!scanned.cpu_ns || snapshot_shared()->unripe)
		return false;
	now = activity_now();
	return now.blocks == scanned.blocks && now.bytes == scanned.bytes &&
	       now.captures == scanned.captures &&
	       now.macros == scanned.macros &&
	       now.cpu_ns - scanned.cpu_ns < IDLE_NS;
}

int trigger_due(void)
{
	uint64_t now = now_us();
	bool interval = config.interval_us && now >= next_us;

	if (interval && is_idle()) {
		next_us = now + config.interval_us;
		interval = false;
	}
	if (trigger_off || (!interval && growth_left() > 0))
		return -1;
	if (now < not_before_us || !trigger_is_affordable())
		return -1;
	return interval ? TRIGGER_INTERVAL : TRIGGER_THRESHOLD;
}

void trigger_scanned(enum trigger trigger)
{
	uint64_t now = now_us();

	scanned_blocks = __atomic_load_n(&blocks, __ATOMIC_RELAXED);
	scanned = activity_now();
	if (trigger == TRIGGER_INTERVAL)
		next_us = now + config.interval_us;
}

void trigger_forked(void)
{
	captures -= trigger_captures(); /* its parent's */
	scanned = activity_now();
	scanned.cpu_ns = 0; /* it was never scanned */
	at_fork = scanned;
}

bool trigger_has_run(void)
{
	struct activity now = activity_now();

	return now.captures != at_fork.captures || now.macros != at_fork.macros;
}

void trigger_charge(uint64_t us)
{
	cost_us = us;
	budget_charge(now_us(), us);
}

void trigger_postpone(void)
{
	not_before_us = now_us() + POSTPONE_US;
}
