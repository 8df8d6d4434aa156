/*
 * Blocks that are lost alone: nothing else that is unreached holds them, and
 * they hold nothing that is unreached. A heap may have as many of them as
 * blocks at all. So they are counted by their stacks, and only the first of
 * each is a node.
 */
#ifndef LONE_H
#define LONE_H

#include <stdint.h>
#include "scan/scanned.h"

/* linked has a bit for each of n nodes at which an edge begins or ends. The
 * other nodes are taken out, but for those that stay: their bits are set. How
 * many nodes remain, or 0 when memory is short. */
uint32_t lone_take(uint64_t *linked, uint32_t n, struct scan *scan)
	__attribute__((warn_unused_result));

/* The block that has this address stays a node, since a question is about it;
 * 0: there is none. */
extern uintptr_t lone_asked;

#endif
