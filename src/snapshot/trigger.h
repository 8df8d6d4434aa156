/*
 * When to scan: counts blocks, looks at the clock, knows the rules.
 */
#ifndef TRIGGER_H
#define TRIGGER_H

#include <stdint.h>
#include "base/likely.h"
#include "process/tally.h"
#include "process/thread.h"
#include "snapshot/triggers.h"

/* The slow half of trigger_alloc(). */
void trigger_look(struct thread *self);
/* That many allocations until the next look, at most. */
void trigger_grant(struct thread *self, int64_t credit);
/* A thread's hooks came by so often that the clock may have moved. */
void trigger_look_at_clock(struct thread *self);
extern bool trigger_off; /* no scan by threshold or interval */

static inline void trigger_alloc(struct thread *self, int64_t bytes)
{
	tally_alloc(&self->tally, bytes);
	if (unlikely(--self->tally.credit < 0))
		trigger_look(self);
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
/* The scan waits for a child that is at work. Any thread. */
bool trigger_may_wait(enum trigger trigger);
/* In a forked child: it begins, and whether it has since allocated anything or
 * entered a macro. */
void trigger_forked(void);
bool trigger_has_run(void);
/* An attempt failed: not again for a while. */
void trigger_postpone(void);
void trigger_init(void);

#endif
