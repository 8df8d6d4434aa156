/*
 * Scans that cannot be made, and telling so.
 */
#ifndef REFUSAL_H
#define REFUSAL_H

#include <stdbool.h>
#include <stdint.h>
#include "triggers.h"

/* The child would be the first process of a pid namespace. */
bool refusal_would_be_init(void);
/* Why a scan could not be made: said once, and to each that asks. */
void refusal_tell(int err, uint32_t asked);
/* To each that asks: scan n is made no more. -EAGAIN. */
int refusal_closed(enum trigger trigger, uint32_t n);

#endif
