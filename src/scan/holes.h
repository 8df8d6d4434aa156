/*
 * Ranges that are no root, whatever mapping they are in.
 *
 * Snapshot child only.
 */
#ifndef HOLES_H
#define HOLES_H

#include <stdbool.h>
#include <stdint.h>

struct hole {
	uintptr_t low, high;
	bool descriptor; /* the rest of its mapping is a thread's descriptor */
};

void holes_add(struct hole hole);
/* Puts them in order, without overlaps. 0, or -ENOMEM: some are missing. */
int holes_sort(void) __attribute__((warn_unused_result));
/* After holes_sort(), by address. */
const struct hole *holes_list(uint32_t *n);

#endif
