/*
 * When to scan. Counts blocks, looks at the clock, and knows the rules.
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
/* Grants the thread at most so many allocations until its next look. */
void trigger_grant(struct thread *self, int64_t credit);
/* The thread has made so many hooks that the clock may have moved. */
void trigger_look_at_clock(struct thread *self);
extern bool trigger_off; /* no scan by threshold or interval */

static inline void trigger_alloc(struct thread *self, int64_t bytes)
{
	tally_alloc(&self->tally, bytes);
	if (unlikely(--self->tally.credit < 0))
		trigger_look(self);
}

/* Which scan is due now and may be made: TRIGGER_THRESHOLD, TRIGGER_INTERVAL,
 * or -1. After -1 no hook asks until the answer can be another. */
int trigger_due(void);
/* Whether the budget is enough for a scan. */
bool trigger_is_affordable(void);
/* How many macros were entered; in a forked child, since the fork. */
uint32_t trigger_macros(void);
/* A scan has begun: the counts begin anew. */
void trigger_scanned(enum trigger trigger);
/* Whether the scan waits for a child that is at work. Any thread. */
bool trigger_may_wait(enum trigger trigger);
/* trigger_forked(): in a forked child, at its beginning. trigger_has_run():
 * whether the child has since allocated anything or entered a macro. */
void trigger_forked(void);
bool trigger_has_run(void);
/* An attempt failed: no other for a while. */
void trigger_postpone(void);
void trigger_init(void);

#endif
