/*
 * What is told of the places that grow: the path to the newest block of each,
 * and what is held by nothing but its blocks.
 *
 * Snapshot child only.
 */
#ifndef GROWN_H
#define GROWN_H

#include <stdint.h>
#include "scan/ages.h"
#include "scan/root.h"

struct growing_place;
struct snapshot;

struct grown {
	struct growing_place *place;
	uintptr_t newest; /* BLOCK_NONE: they are freed */
	uint32_t number;  /* of the newest, in the search; or REACHED_ROOT */
	/* What only blocks of the place hold; the place of the list that holds
	 * most of its blocks so itself, from 1. */
	uint64_t retained_bytes, retained_blocks;
	uint32_t within;
};

/* Adds a place to the list of n, which stays in order of bytes, the largest
 * first, and no longer than GROWING_LISTED. How many there are then. */
uint32_t grown_add(struct grown *list, uint32_t n, struct growing_place *place,
		   uintptr_t newest);
/* Writes a line for each. Those whose path the report has not are searched for
 * in all that is live, once for all of them. ages has room for all stacks, all
 * zeros. 0 or -errno: lines are missing. */
int grown_write(const struct snapshot *snapshot, const struct roots *roots,
		const struct ages *ages, struct grown *list, uint32_t n)
	__attribute__((warn_unused_result));

#endif
