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

/* Calls visit for each, but not for blocks in which a stack lies: what is to be
 * read of such a block is a root. */
void marked_each(const struct roots *roots, marked_fn *visit);
/* Whether a stack lies in that block. */
bool marked_has_stack(const struct roots *roots, uintptr_t block);
/* How many blocks are not. */
uint64_t marked_left(void);

#endif
