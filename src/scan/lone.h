/*
 * Blocks that are lost alone: nothing else that is unreached holds them, and
 * they hold nothing of it. A heap may have as many of them as blocks at all, so
 * they are counted by their stacks, and only the first of each is a node.
 */
#ifndef LONE_H
#define LONE_H

#include "scan/scanned.h"

/* linked: a bit for each of n nodes that an edge begins or ends at. The others
 * are taken out of the nodes, but for those that are to stay: their bits are
 * set. How many remain, or 0 when memory is short. */
uint32_t lone_take(uint64_t *linked, uint32_t n, struct scan *scan)
	__attribute__((warn_unused_result));

#endif
