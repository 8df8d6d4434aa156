/*
 * Marking: which blocks a root leads to. Marks are in the cells of the blocks'
 * index: strong, or weak for blocks to which only a suspect word leads.
 */
#ifndef MARK_H
#define MARK_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/blocks.h"
#include "scan/root.h"

/* Marks what is live by decree. Needs counts_build(). */
void mark_begin(const struct roots *roots);
/* Marks the blocks to which a root leads, and all that they hold. */
void mark_root(const struct root *root);
/* From here on, a parent's blocks, which are live by decree, are read, too. */
void mark_parents(void);
/* From here on marks are weak. Marking begins with the suspects. */
void mark_suspects(void);
/* Calls also() for each block that is read from here on; NULL: no longer. */
void mark_also(void (*also)(uintptr_t block));
/* Nothing more is marked. */
void mark_end(void);
/* How many blocks are not marked, while they are counted. */
uint64_t mark_left(void);
/* Marks a block. False when it was marked already or is left to the trial. */
bool mark_block(uintptr_t block);
/* The same for the block to which that word, which is at that address, leads
 * (JUDGED_WHOLE: judged.h). */
void mark_word(uintptr_t word, uintptr_t at);
/* A word, or half of one, at that address leads to a block that may be
 * marked. */
void mark_suspect(uintptr_t block, uintptr_t at, enum root_kind kind);
/* Marks all that the marked blocks hold. 0 or -ENOMEM. */
int mark_held(void);
/* Whether more reading could not change anything. */
bool mark_is_done(void);
/* mark_more() marks one more block, strongly. mark_rest(), after the last:
 * marks all that those blocks hold. */
void mark_more(uintptr_t block, struct place place);
void mark_rest(void);

#endif
