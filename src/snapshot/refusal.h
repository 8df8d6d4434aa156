/*
 * Scans that cannot be made, and how that is told.
 */
#ifndef REFUSAL_H
#define REFUSAL_H

#include <stdint.h>
#include "snapshot/triggers.h"

/* Whether a scan can be made now: 0. -ECHILD: the child would be the first
 * process of a pid namespace. -EDQUOT: it could take the last memory of a
 * control group that ends as a whole. */
int refusal_now(enum trigger trigger) __attribute__((warn_unused_result));
/* Tells why a scan could not be made: once, and in answer to each request. */
void refusal_tell(int err, uint32_t asked);
/* Answers a request: scan n will not be made any more. -EAGAIN. */
int refusal_closed(enum trigger trigger, uint32_t n);

#endif
