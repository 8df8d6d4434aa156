/*
 * The blocks that a search has reached, numbered in that order, and what led to
 * each.
 *
 * Snapshot child only. There is one list, of 12 bytes a block.
 */
#ifndef REACHED_H
#define REACHED_H

#include <stdbool.h>
#include <stdint.h>
#include "base/list.h"

/* Instead of a block's number: a root led to it, or it is live by decree. */
#define REACHED_ROOT UINT32_MAX
#define REACHED_DECREE (UINT32_MAX - 1)

extern struct reached {
	struct list block;
	struct list from; /* for each, the number of what led to it */
	struct list word; /* for those that a root led to, by number */
} reached;

static inline uint32_t reached_count(void)
{
	return reached.block.n;
}
static inline uintptr_t reached_block(uint32_t number)
{
	return ((const uintptr_t *)reached.block.list)[number];
}
/* A smaller number, or one of the two above. While a way is turned: the next
 * one of it, or UINT32_MAX. */
static inline uint32_t reached_from(uint32_t number)
{
	return ((const uint32_t *)reached.from.list)[number];
}
/* Adds a block. at: the address of the word, where it is a root's. False when
 * memory is short. */
bool reached_add(uintptr_t block, uintptr_t at, uint32_t from);
/* The root's word that led to that block. */
uintptr_t reached_word(uint32_t number);
/* Turns the way back from a block into the way to it, in place: the first one's
 * number, and what led to that. reached_turn_back() before the next one. */
uint32_t reached_turn(uint32_t number, uint32_t *by);
void reached_turn_back(uint32_t first, uint32_t by);
void reached_free(void);

#endif
