/*
 * What a thread counts for itself: live blocks and bytes, captured stacks. The
 * totals are the sums of what threads have added so far.
 *
 * Any thread, also in a signal handler; no locks.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

struct tally {
	int64_t blocks, bytes; /* not yet added to the totals */
	int32_t credit;	       /* allocations until the next look, ... */
	int32_t granted;       /* ... as given at the last look */
};

/* Captures of allocations are counted as `granted - credit`. This counts any
 * other capture. */
static inline void tally_capture(struct tally *t)
{
	t->granted++;
}

static inline void tally_alloc(struct tally *t, int64_t bytes)
{
	t->blocks++;
	t->bytes += bytes;
}

static inline void tally_free(struct tally *t, int64_t bytes)
{
	t->blocks--;
	t->bytes -= bytes;
}

/* Adds a thread's counts to the totals. */
void tally_flush(struct tally *t);
/* The program's live blocks and bytes, without what threads have not added
 * yet. */
int64_t tally_blocks(void);
int64_t tally_bytes(void);
/* Stacks captured since the start, or the fork: of one thread, those not added
 * yet. thread_captures() has the sum. */
uint64_t tally_captures(void);
static inline uint64_t tally_left(const struct tally *t)
{
	return t->granted - t->credit;
}
/* In a forked child: captures begin anew. all is how many there were. */
void tally_forked(uint64_t all);

#endif
