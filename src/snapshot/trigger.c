/*
 * See trigger.h. Threads count in their own records, and add to the totals when
 * their credit is used up. So the rule is exact when one thread allocates, and
 * never late by more than the credit of the others.
 *
 * The rule "a quarter more, at least 10,000" is CPython's (its full collection
 * waits for 25 % more long-lived objects).
 *
 * A scan that is due but may not be made costs a hook nothing. It is written
 * down until when it may not be made. The coarse clock is read once in as many
 * hooks as a thread makes within one of its ticks. Only a thread that tries to
 * begin a scan enters the kernel, and that time is charged.
 */
#include <time.h>
#include "base/config.h"
#include "base/likely.h"
#include "base/sys.h"
#include "process/guard.h"
#include "process/tally.h"
#include "process/thread.h"
#include "snapshot/audit.h"
#include "snapshot/budget.h"
#include "snapshot/reap.h"
#include "snapshot/shared.h"
#include "snapshot/trigger.h"
#include "snapshot/triggers.h"

#define GROWTH_MIN 10000
#define CREDIT_MAX 4096
#define CREDIT_HOVERING 64 /* when as much is freed as is allocated */
#define PACE_MAX 64
#define TICK_US 4000 /* a tick of the coarse clock, at most */
#define POSTPONE_US 50000
/* At most, since it may be allowed sooner than expected. */
#define QUIET_US 100000
/* A process that ran less since the last scan did nothing. */
#define IDLE_NS 50000000

bool trigger_off;

static int64_t scanned_blocks;
static uint64_t next_us;  /* when the interval's next scan is due */
static uint64_t quiet_us; /* no scan by threshold or interval before */

/* What the program has done. It differs after any allocation, free or macro. */
struct activity {
	int64_t blocks, bytes;
	uint64_t captures, cpu_ns;
	uint32_t macros;
};
static struct activity scanned; /* at the last scan */
static struct activity at_fork;
static bool forked;

void trigger_init(void)
{
	uint64_t now;
	struct timespec t = {0};

	/* not through libc's page for it, which few programs touch */
	sys(SYS_clock_gettime, CLOCK_MONOTONIC_COARSE, &t);
	now = t.tv_sec * 1000000ull + t.tv_nsec / 1000;
	budget_init(now);
	next_us = now + config.interval_us;
	guard_look_for(LOOK_FOR_TIME, config.interval_us != 0);
	if (thread_self) /* its credit was granted before the options were known
			  */
		trigger_grant(thread_self, 0);
}

static int64_t growth_wanted(void)
{
	if (config.threshold)
		return config.threshold;
	return scanned_blocks / 4 > GROWTH_MIN ? scanned_blocks / 4
					       : GROWTH_MIN;
}

/* How many more blocks until the next scan. */
static int64_t growth_left(void)
{
	return scanned_blocks + growth_wanted() - tally_blocks();
}

static void note(struct thread *self, enum pending what)
{
	__atomic_fetch_or(&self->pending, what, __ATOMIC_RELAXED);
}

void trigger_grant(struct thread *self, int64_t credit)
{
	if (credit > CREDIT_MAX)
		credit = CREDIT_MAX;
	if (config.check_stacks && (uint64_t)credit >= config.check_stacks)
		credit = config.check_stacks - 1;
	self->tally.granted += credit - self->tally.credit;
	self->tally.credit = credit;
}

/* Hooks until a thread's next look at the clock. When they come slowly, each
 * one looks. */
static int32_t pace(struct thread *self, uint64_t now)
{
	uint64_t passed = now - self->looked_us;

	self->looked_us = now;
	if (passed > 2 * TICK_US)
		self->pace /= 16;
	else if (passed < TICK_US && self->pace < PACE_MAX / 2)
		self->pace = 2 * self->pace + 1;
	return self->pace;
}

/* A threshold is reached: looks whether a scan may be made now. */
static void look_at_growth(struct thread *self)
{
	uint64_t now = budget_now_us();

	trigger_grant(self, 0);
	if (trigger_off || now < __atomic_load_n(&quiet_us, __ATOMIC_RELAXED))
		trigger_grant(self, pace(self, now));
	else
		note(self, PENDING_DUE);
}

/* Exact when blocks are added. Some allocations late when hardly any is:
 * otherwise each would look. */
void trigger_look(struct thread *self)
{
	int32_t used = self->tally.granted - self->tally.credit;
	bool hovers = self->tally.blocks * 8 < used;
	int64_t left, credit;

	if (unlikely(config.check_stacks))
		audit_stack(self);
	tally_flush(&self->tally);
	left = growth_left();
	if (left <= 0) {
		look_at_growth(self);
		return;
	}
	credit = left / 8;
	if (hovers && credit < CREDIT_HOVERING)
		credit = used < CREDIT_HOVERING ? 2 * used : CREDIT_HOVERING;
	trigger_grant(self, credit);
}

void trigger_look_at_clock(struct thread *self)
{
	uint64_t now = budget_now_us();

	self->ticks = pace(self, now);
	if (config.interval_us && now >= next_us && !trigger_off &&
	    now >= __atomic_load_n(&quiet_us, __ATOMIC_RELAXED))
		note(self, PENDING_DUE);
}

/* The expected cost of a scan now: that of the last one, in proportion to the
 * blocks, and a quarter more, since no two are alike. A scan of few blocks
 * costs no less than one of some thousands. */
static uint64_t expected_us(void)
{
	int64_t now = tally_blocks();
	int64_t then =
		scanned_blocks > GROWTH_MIN ? scanned_blocks : GROWTH_MIN;
	double growth = now > then ? (double)now / then : 1;

	return budget_last_us() * growth * 1.25;
}

bool trigger_is_affordable(void)
{
	return budget_allows(budget_now_us(), expected_us());
}

/* The records of ended threads count, too. */
static struct activity activity_now(void)
{
	struct activity a = {.captures = thread_captures()};
	const struct thread *t;

	for (t = thread_first(); t; t = t->next) {
		a.blocks += t->tally.blocks;
		a.bytes += t->tally.bytes;
		a.macros += t->macros;
	}
	a.blocks += tally_blocks();
	a.bytes += tally_bytes();
	return a;
}

/* A forked child answers for what it made itself. */
static bool has_nothing(void)
{
	return forked && !trigger_has_run();
}

/* Pointers change without a hook, but not without processor time. When a second
 * scan has to confirm something, one more is made. */
static bool did_nothing(void)
{
	const struct shared *shared = shared_memory();
	struct activity now;

	if (has_nothing())
		return true;
	if (!scanned.cpu_ns || (shared && shared->late.unripe))
		return false;
	now = activity_now();
	return now.blocks == scanned.blocks && now.bytes == scanned.bytes &&
	       now.captures == scanned.captures &&
	       now.macros == scanned.macros &&
	       sys_cpu_ns() - scanned.cpu_ns < IDLE_NS;
}

/* The kernel asks all threads for their time, and we ask all for their counts:
 * what that costs is charged. */
static bool is_idle(void)
{
	uint64_t began = sys_own_cpu_ns();
	bool idle = did_nothing();

	budget_spend((sys_own_cpu_ns() - began) / 1000);
	return idle;
}

/* True in the one thread that goes on. */
static bool keep_quiet(uint64_t now, uint64_t until)
{
	uint64_t seen = __atomic_load_n(&quiet_us, __ATOMIC_RELAXED);

	return now >= seen &&
	       __atomic_compare_exchange_n(&quiet_us, &seen, until, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* When the budget allows a scan; no later than can be known. */
static uint64_t affordable_at(uint64_t now)
{
	uint64_t at = budget_when(now, expected_us());

	return at < now + QUIET_US ? at : now + QUIET_US;
}

bool trigger_may_wait(enum trigger trigger)
{
	return triggers_must(trigger) ||
	       (trigger == TRIGGER_THRESHOLD && config.threshold);
}

static bool may_begin(enum trigger trigger)
{
	return trigger_may_wait(trigger) || !reap_is_at_work();
}

/* Whether an interval scan is put off: nothing has changed, or a child is at
 * work. */
static bool interval_waits(uint64_t now)
{
	bool busy = !may_begin(TRIGGER_INTERVAL);

	if (!busy && !is_idle())
		return false;
	next_us = now + (busy ? TICK_US : config.interval_us);
	return true;
}

/* When a try fails, the next one is a tick later. */
int trigger_due(void)
{
	uint64_t now = budget_now_us(), at;
	bool interval = config.interval_us && now >= next_us;
	bool growth = growth_left() <= 0;

	if (trigger_off || (!interval && !growth))
		return -1;
	at = affordable_at(now);
	if (!keep_quiet(now, at > now ? at : now + TICK_US) || at > now)
		return -1;
	if (interval && !interval_waits(now))
		return TRIGGER_INTERVAL;
	if (growth && may_begin(TRIGGER_THRESHOLD) && !has_nothing())
		return TRIGGER_THRESHOLD;
	if (!growth)
		__atomic_store_n(&quiet_us, 0, __ATOMIC_RELAXED);
	return -1;
}

void trigger_scanned(enum trigger trigger)
{
	uint64_t now = budget_now_us();

	scanned_blocks = tally_blocks();
	scanned = activity_now();
	scanned.cpu_ns = sys_cpu_ns();
	if (trigger == TRIGGER_INTERVAL)
		next_us = now + config.interval_us;
	quiet_us = 0;
}

void trigger_forked(void)
{
	tally_forked(thread_captures());
	scanned = activity_now(); /* no time: it was never scanned */
	at_fork = scanned;
	forked = true;
}

bool trigger_has_run(void)
{
	struct activity now = activity_now();

	return now.captures != at_fork.captures || now.macros != at_fork.macros;
}

uint32_t trigger_macros(void)
{
	return activity_now().macros - at_fork.macros;
}

void trigger_postpone(void)
{
	quiet_us = budget_now_us() + POSTPONE_US;
}
