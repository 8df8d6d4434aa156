/*
 * Marking: which blocks a root leads to. Marks stand in the cells of the
 * blocks' index: strong, or weak for those that a suspect word alone leads to.
 */
#ifndef MARK_H
#define MARK_H

#include "scan.h"

/* Needs counts_build(). 0 or -ENOMEM. */
int mark_all(struct roots *roots, struct arena *arena)
	__attribute__((warn_unused_result));
/* Marks a block; false when it was, or is left to the trial. */
bool mark_block(uintptr_t block);
/* A word, or half of one, at an address leads to a block that may be marked. */
void mark_suspect(uintptr_t block, uintptr_t at, enum root_kind kind);
/* Marks all that the marked ones hold. 0 or -ENOMEM. */
int mark_reached(void) __attribute__((warn_unused_result));
/* Nothing that may still be read could change anything. */
bool mark_is_done(void);
/* Marks one more, strongly, and at last all that those hold. */
void mark_more(uintptr_t block, struct place place);
void mark_rest(void);

/* A word on its way: its cell is being fetched while others are looked at. */
#define WORDS_AHEAD 32
struct ahead {
	struct cell *cell;
	uintptr_t word, at;
};

/* The last block of the cell that begins at or before the word, as a bit; 0:
 * it begins in an earlier one. */
static inline uint64_t ahead_bit(const struct ahead *a)
{
	uint64_t upto = ~0ul >> (63 - (a->word >> GRANULE & 63));
	uint64_t begins = a->cell->begins & upto;

	return begins ? 1ul << (63 - __builtin_clzl(begins)) : 0;
}

static inline uintptr_t ahead_block(const struct ahead *a, uint64_t bit)
{
	return (a->word & -(64ul << GRANULE)) +
	       ((uintptr_t)__builtin_ctzl(bit) << GRANULE);
}

#endif
