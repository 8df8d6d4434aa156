/*
 * When to scan: counts blocks, looks at the clock, knows the rules.
 */
#ifndef TRIGGER_H
#define TRIGGER_H

#include <stdint.h>
#include "thread.h"

enum trigger {
	TRIGGER_THRESHOLD,
	TRIGGER_INTERVAL,
	TRIGGER_REQUEST,
	TRIGGER_API,
	TRIGGER_EXIT,
};
const char *trigger_name(enum trigger trigger);

/* Adds a thread's counts to the totals. */
void trigger_flush(struct thread *self);
/* The program's live blocks and bytes, without what other threads have not
 * added yet. */
void trigger_totals(struct thread *self, int64_t *blocks, int64_t *bytes);
/* Stacks captured since the start: allocations, and by trigger_captured()
 * others. With the other threads stopped. */
uint64_t trigger_captures(void);
/* The slow halves of trigger_alloc() and trigger_tick(). */
void trigger_look(struct thread *self);
/* That many allocations until the next look, at most. */
void trigger_grant(struct thread *self, int64_t credit);
void trigger_look_at_clock(struct thread *self);
/* What hooks are to look up for. */
enum look_for {
	LOOK_FOR_TIME = 1, /* there is an interval */
	LOOK_FOR_NEWS = 2, /* there is a callback */
	LOOK_FOR_END = 4,  /* there is a scan's child */
};
extern uint32_t trigger_looks __attribute__((visibility("hidden")));
void trigger_look_for(enum look_for what, bool on);
extern bool trigger_off; /* no scan by threshold or interval */

static inline void trigger_tick(struct thread *self)
{
	if (__builtin_expect(trigger_looks, 0) && --self->ticks < 0)
		trigger_look_at_clock(self);
}

static inline void trigger_alloc(struct thread *self, int64_t bytes)
{
	self->blocks++;
	self->bytes += bytes;
	if (__builtin_expect(--self->credit < 0, 0))
		trigger_look(self);
}

static inline void trigger_captured(struct thread *self)
{
	self->granted++;
}

static inline void trigger_free(struct thread *self, int64_t bytes)
{
	self->blocks--;
	self->bytes -= bytes;
}

/* What is due now and may be made: TRIGGER_THRESHOLD, TRIGGER_INTERVAL, or -1.
 * Then nobody asks again before it can be otherwise. */
int trigger_due(void);
/* The budget has enough for one. */
bool trigger_is_affordable(void);
/* Macros entered; in a forked child since the fork. */
uint32_t trigger_macros(void);
/* After a scan has begun: counts begin anew. */
void trigger_scanned(enum trigger trigger);
/* What one cost. */
void trigger_charge(uint64_t cost_us);
/* In a forked child: it begins, and whether it has since allocated anything or
 * entered a macro. */
void trigger_forked(void);
bool trigger_has_run(void);
/* An attempt failed: not again for a while. */
void trigger_postpone(void);
void trigger_init(void);

#endif
