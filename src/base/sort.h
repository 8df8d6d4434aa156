/*
 * A stable sort that allocates nothing and does not recurse (libc's calls
 * malloc).
 */
#ifndef SORT_H
#define SORT_H

#include <stdint.h>

struct item {
	uint64_t key;
	uint32_t value;
};

/* Sorts by key, ascending. Equal keys keep their order. scratch has room for n,
 * too. */
void sort_items(struct item *items, struct item *scratch, uint32_t n);

#endif
