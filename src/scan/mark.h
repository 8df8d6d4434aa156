/*
 * Marking: which blocks a root leads to. Marks stand in the cells of the
 * blocks' index: strong, or weak for those that a suspect word alone leads to.
 */
#ifndef MARK_H
#define MARK_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/blocks.h"
#include "scan/root.h"

/* Marks what is live by decree. Needs counts_build(). */
void mark_begin(const struct roots *roots);
/* Marks what a root leads to, and all that those hold. */
void mark_root(const struct root *root);
/* Of blocks live by decree those that are a parent's are read from here on. */
void mark_parents(void);
/* From here on marks are weak, and begin with the suspects. */
void mark_suspects(void);
/* Calls also for each block that is read from here on; NULL: no more. */
void mark_also(void (*also)(uintptr_t block));
/* Nothing more is marked. */
void mark_end(void);
/* Blocks that are not marked, while they are counted. */
uint64_t mark_left(void);
/* Marks a block; false when it was, or is left to the trial. */
bool mark_block(uintptr_t block);
/* A word, or half of one, at an address leads to a block that may be marked. */
void mark_suspect(uintptr_t block, uintptr_t at, enum root_kind kind);
/* Marks all that the marked ones hold. 0 or -ENOMEM. */
int mark_held(void);
/* Nothing that may still be read could change anything. */
bool mark_is_done(void);
/* Marks one more, strongly, and at last all that those hold. */
void mark_more(uintptr_t block, struct place place);
void mark_rest(void);

#endif
