/*
 * Marking: which blocks a root leads to. Marks stand in the cells of the
 * blocks' index: strong, or weak for those that a suspect word alone leads to.
 */
#ifndef MARK_H
#define MARK_H

#include "scan.h"

/* Needs counts_build(). 0 or -ENOMEM. */
int mark_all(const struct roots *roots, struct arena *arena)
	__attribute__((warn_unused_result));
/* Counts prove it dead, whatever points at it. */
bool mark_is_dead(uintptr_t block);

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
