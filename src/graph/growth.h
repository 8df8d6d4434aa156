/*
 * Whether a place grows: what one stack has allocated and what is still
 * reached, counted at each of the last scans. Pure.
 */
#ifndef GROWTH_H
#define GROWTH_H

#include <stdbool.h>
#include <stdint.h>

#define GROWTH_SCANS 8
/* One more, for the step to the first of them. */
#define GROWTH_COUNTS (GROWTH_SCANS + 1)

struct growth {
	uint32_t count[GROWTH_COUNTS]; /* oldest first; 0 before the start */
	uint32_t peak;		       /* the most there were before these */
};

/* work: how many blocks the program had allocated since its start by each of
 * the scans; 0 before it. The rule is in doc/design/snapshot.md. */
bool growth_is(const struct growth *growth, const uint64_t *work);
/* One more scan: all counts move by one. */
void growth_add(struct growth *growth, uint32_t count);

#endif
