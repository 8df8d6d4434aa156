/*
 * Sparse edges that are no old words. Internal to stale.c.
 */
#ifndef USUAL_H
#define USUAL_H

#include "graph/sparse.h"

/* Takes sparse edges out that are as usual among their classes as dense ones:
 * slots of arrays and tables, children of trees, references that only some
 * blocks have. 0, or -ENOMEM. */
int usual_find(struct sparse *s) __attribute__((warn_unused_result));

#endif
