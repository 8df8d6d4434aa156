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

/* True: the words of that block are not read before search_late(). */
typedef bool search_watch_fn(uintptr_t block, void *data);

/* The search ends when the target is reached. Without one, BLOCK_NONE, it
 * reaches all that it can. watch is called for each block; NULL: it is not. */
void search_begin(uintptr_t target, search_watch_fn *watch, void *data);
bool search_is_done(void);
/* 0 or -ENOMEM. */
int search_failed(void);
/* The target's number, or SEARCH_NONE. */
uint32_t search_found(void);
/* Enters the blocks to which the root's words lead. */
void search_root(const struct root *root);
/* Enters a block that is live by decree, if the search has not reached it: no
 * word has to lead to it. With a watch, the process's own blocks that have
 * stacks are not entered. */
void search_decreed(uintptr_t block);
/* Enters all blocks to which those from that number on lead. */
void search_from(const struct roots *roots, uint32_t from);
/* Reads the blocks of which watch said true. */
void search_late(const struct roots *roots);
void search_free(void);

#endif
