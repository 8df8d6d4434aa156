/*
 * Sets of numbers, for few distinct ones among many. Memory is the arena's.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdint.h>
#include "base/arena.h"
#include "base/keys.h"
#include "base/sort.h"

/* Zeroed is empty. */
struct keys {
	struct item *items, *scratch;
	uint32_t n, space;
};

/* 0, or -ENOMEM. */
int keys_add(struct keys *keys, struct arena *arena, uint64_t key)
	__attribute__((warn_unused_result));
/* Afterwards items[0..n) are the distinct keys, ascending. */
void keys_settle(struct keys *keys);

#endif
