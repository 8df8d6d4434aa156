/*
 * The blocks that are strongly marked.
 *
 * Snapshot child only.
 */
#ifndef MARKED_H
#define MARKED_H

#include <stdbool.h>
#include "scan/root.h"

typedef void marked_fn(uintptr_t block);

/* Calls visit for each, but for those that a stack lies in: what is to be read
 * of such a block is a root. */
void marked_each(const struct roots *roots, marked_fn *visit);
/* A stack lies in that block. */
bool marked_has_stack(const struct roots *roots, uintptr_t block);
/* How many are not. */
uint64_t marked_left(void);

#endif
