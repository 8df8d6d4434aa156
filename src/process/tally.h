/*
 * What threads count, each in its own record: live blocks and bytes, stacks
 * captured. The totals are sums of what was added to them so far.
 *
 * Any thread, also in a signal handler; no locks.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>
#include "process/thread.h"

/* Allocations are counted as `granted - credit`; this is a stack of something
 * else. */
static inline void tally_capture(struct thread *self)
{
	self->granted++;
}

static inline void tally_alloc(struct thread *self, int64_t bytes)
{
	self->blocks++;
	self->bytes += bytes;
}

static inline void tally_free(struct thread *self, int64_t bytes)
{
	self->blocks--;
	self->bytes -= bytes;
}

/* Adds a thread's counts to the totals. */
void tally_flush(struct thread *t);
/* The program's live blocks and bytes, without what threads have not added
 * yet. */
int64_t tally_blocks(void);
int64_t tally_bytes(void);
/* all: the list of threads. Stacks captured since the start, or the fork. Exact
 * while the other threads are stopped. */
uint64_t tally_captures(const struct thread *all);
/* In a forked child: captures begin anew. */
void tally_forked(const struct thread *all);

#endif
