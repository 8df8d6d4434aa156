/*
 * A stable sort that allocates nothing and does not recurse (libc's calls
 * malloc), and sets of numbers.
 */
#ifndef SORT_H
#define SORT_H

#include <stdint.h>
#include "base/arena.h"

struct item {
	uint64_t key;
	uint32_t value;
};

/* Sorts by key, ascending. Equal keys keep their order. scratch has room for n,
 * too. */
void items_sort(struct item *items, struct item *scratch, uint32_t n);

/* A set of keys, for few distinct ones among many. Zeroed is empty. */
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
