/*
 * Undecided rings (scan/undecided.h) that hold all that they count.
 */
#ifndef CLOSED_H
#define CLOSED_H

#include <stdbool.h>
#include <stdint.h>

struct folding;

/* Fills bits of the instances that are no findings: what is undecided, but is
 * no ring, or is held by something else, or by words that are no edges of it. 0
 * or -ENOMEM. */
int closed_find(struct folding *f);

#endif
