/*
 * A search through the blocks, breadth first: reached.h numbers what it
 * reaches. Its marks are the weak ones of the cells. Words are followed as
 * marking follows them, but for those that make only suspects.
 *
 * Snapshot child only. There is one search.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/root.h"

#define SEARCH_NONE UINT32_MAX

/* Of a block that watch says true of nothing is read before search_late(). */
typedef bool search_watch_fn(uintptr_t block, void *data);

/* It ends once the target is reached; BLOCK_NONE: when all is. watch may be
 * NULL. */
void search_begin(uintptr_t target, search_watch_fn *watch, void *data);
bool search_is_done(void);
/* 0 or -ENOMEM. */
int search_failed(void);
/* The target's number, or SEARCH_NONE. */
uint32_t search_found(void);
/* What the root's words lead to. */
void search_root(const struct root *root);
/* The block, if it was not reached yet. Nothing leads to it: it is live by
 * decree. A block that is watched is left for its root. */
void search_decreed(uintptr_t block);
/* All that the blocks from that number on lead to. */
void search_from(const struct roots *roots, uint32_t from);
/* The blocks that were left for last. */
void search_late(const struct roots *roots);
void search_free(void);

#endif
