/*
 * What goes with what a collector will free. Internal to the finding stage.
 */
#ifndef PENDING_H
#define PENDING_H

#include "graph/folding.h"

/* Marks findings pending of which each instance is, or hangs below one that is:
 * when that is freed, the code that frees it may free these. What counts show
 * to remain then is left alone. 0, or -ENOMEM. */
int pending_spread(struct folding *f) __attribute__((warn_unused_result));

#endif
