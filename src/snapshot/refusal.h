/*
 * Scans that cannot be made, and telling so.
 */
#ifndef REFUSAL_H
#define REFUSAL_H

#include <stdint.h>
#include "snapshot/triggers.h"

/* 0; -ECHILD: the child would be the first process of a pid namespace; -EDQUOT:
 * the last memory of a control group that ends as a whole could go to it. */
int refusal_now(enum trigger trigger) __attribute__((warn_unused_result));
/* Why a scan could not be made: said once, and to each that asks. */
void refusal_tell(int err, uint32_t asked);
/* To each that asks: scan n is made no more. -EAGAIN. */
int refusal_closed(enum trigger trigger, uint32_t n);

#endif
