/*
 * Offsets instead of pointers. Some libraries find a block by its distance from
 * the block that holds it (fontconfig does, so that it can write its memory to
 * a file as it is). A list of libraries tells whose blocks hold such words.
 * Elsewhere a number that happens to be the distance to a neighbour would hide
 * a leak.
 */
#ifndef OFFSETS_H
#define OFFSETS_H

#include "scan/read.h"

/* Finds the blocks of such libraries. 0 or -ENOMEM. */
int offsets_begin(void) __attribute__((warn_unused_result));
/* Whether there are any. */
extern bool offsets_possible;
/* Marks what offsets in marked blocks lead to; whether anything was marked. */
bool offsets_mark(void);
/* Marks what offsets in this block lead to. */
void offsets_mark_block(uintptr_t block);
/* Calls visit for each word of block that is the offset of another block, with
 * that block's address. For none when block is not of such a library. */
void offsets_visit(uintptr_t block, read_visit_fn *visit, void *data);

#endif
