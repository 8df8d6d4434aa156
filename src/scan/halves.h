/*
 * Pointers of 32 bits. Where the heap lies below 4 GiB, as in programs that are
 * no PIE, half of a word can hold a pointer: GHashTable does so, and so do
 * virtual machines. A half proves less than a word: what only a half of live
 * memory leads to is a suspect.
 */
#ifndef HALVES_H
#define HALVES_H

#include "scan/maps.h"
#include "scan/read.h"
#include "scan/root.h"

/* Looks where the heap lies. */
void halves_begin(const struct maps *maps);
/* Whether it lies so low. */
extern bool halves_possible;
/* Marks weakly what halves of roots and of strongly marked blocks lead to. */
void halves_mark(const struct roots *roots);
/* Marks weakly what halves of a suspect block lead to. */
void halves_mark_block(uintptr_t block);
/* Calls visit for each half of [low, high), in a block, that leads to a block.
 * The whole range must be readable. */
void halves_visit(uintptr_t low, uintptr_t high, read_visit_fn *visit,
		  void *data);
/* The same for a block, without the blocks that a pool has made in it. */
void halves_visit_block(uintptr_t block, read_visit_fn *visit, void *data);

#endif
