/*
 * Trial deletion over declared counts (CPython's subtract_refs and
 * move_unreachable; Bacon and Rajan 2001): which objects are dead although
 * something still points at them. Arrays in, arrays out.
 *
 * A candidate is an object with a count of one or more, or a plain block that
 * owns links. held[i] is what must still hold candidate i once every link from
 * a candidate to it is subtracted:
 *   object: count - links from candidates to it; above 0: held from outside;
 *   plain block: outside[i], set when memory outside the candidates points
 *   at it.
 * What is held from outside is live, and so is all that live candidates hold
 * by links, or plain candidates by found words. The rest is dead.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

struct trial {
	uint32_t n;	      /* candidates */
	const int64_t *count; /* of objects; -1: a plain block */
	const bool *outside;  /* plain: memory outside points at it; may be
				 NULL where all are objects */
	const uint32_t *row;  /* n + 1 */
	const uint32_t *to;   /* links (from objects and plain blocks), ... */
	const bool *found;    /* ... or words that the scan found (NULL: none),
				 which count only for plain blocks */
	bool *dead;	      /* out: n entries */
};

/* Fills dead. Linear. 0 or -ENOMEM. */
int trial_run(const struct trial *trial, struct arena *arena)
	__attribute__((warn_unused_result));

#endif
