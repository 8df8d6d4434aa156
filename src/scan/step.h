/*
 * The steps of a path that was found: which word of one block leads to the
 * next.
 *
 * Snapshot child only.
 */
#ifndef STEP_H
#define STEP_H

#include <stdint.h>
#include "scan/path.h"

/* Calls visit for each block of the path, from the root on: the block that
 * leads to it (BLOCK_NONE: the root), the word's address (0: a link whose word
 * is unknown, or a decree), what stands in it. Blocks are read again: the first
 * word counts that owns what it leads to. */
typedef void step_fn(uintptr_t from, uintptr_t at, uintptr_t word,
		     uintptr_t block, void *data);
void step_each(const struct path *path, step_fn *visit, void *data);

#endif
