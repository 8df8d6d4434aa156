/*
 * Words that are looked at some steps later, since what takes the time is
 * waiting for memory (Boehm 2000; Cher, Hosking and Vitek 2004).
 */
#ifndef AHEAD_H
#define AHEAD_H

#include <stdint.h>
#include "scan/sheet.h"

/* A word on its way: its cell is fetched while others are looked at. */
#define WORDS_AHEAD 32
struct ahead {
	struct cell *cell;
	uintptr_t word, at;
};

struct ahead_queue {
	struct ahead word[WORDS_AHEAD];
	uint32_t first, n; /* the oldest; how many */
};

/* The oldest; only when there is one. */
static inline struct ahead ahead_take(struct ahead_queue *queue)
{
	struct ahead a = queue->word[queue->first];

	queue->first = (queue->first + 1) % WORDS_AHEAD;
	queue->n--;
	return a;
}

/* Only when there is room. */
static inline void ahead_put(struct ahead_queue *queue, struct ahead a)
{
	queue->word[(queue->first + queue->n++) % WORDS_AHEAD] = a;
}

/* The last block of the cell that begins at or before the word, as a bit; 0:
 * the block begins in an earlier cell. */
static inline uint64_t ahead_bit(const struct ahead *a)
{
	uint64_t upto = ~0ul >> (63 - (a->word >> GRANULE_SHIFT & 63));
	uint64_t begins = a->cell->begins & upto;

	return begins ? 1ul << (63 - __builtin_clzl(begins)) : 0;
}

static inline uintptr_t ahead_block(const struct ahead *a, uint64_t bit)
{
	return (a->word & -(64ul << GRANULE_SHIFT)) +
	       ((uintptr_t)__builtin_ctzl(bit) << GRANULE_SHIFT);
}

#endif
