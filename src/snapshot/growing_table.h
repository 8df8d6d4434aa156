/*
 * How many blocks each place has had in the last scans: a place is a stack.
 *
 * Snapshot child only.
 */
#ifndef GROWING_TABLE_H
#define GROWING_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include "graph/growth.h"

/* So many places are watched, those with the most blocks. */
#define GROWING_WATCHED 8192
/* At most so many are listed, the largest. */
#define GROWING_LISTED 32

struct growing_place {
	uint32_t stack;
	bool listed; /* by the scan before, or one since which it shrank only
			at the end */
	bool told;   /* the report has its stack, and its path if there is one
		      */
	struct growth growth;
	uint64_t bytes; /* when it was listed last */
};

/* In the memory that child and program share. All zeros at first. A child
 * writes the table that is not in use, so one that does not come to its end
 * changes nothing. */
struct growing_shared {
	uint32_t current; /* table */
	struct growing_table {
		uint64_t work[GROWTH_COUNTS]; /* stacks captured by each scan */
		uint32_t epoch[GROWTH_COUNTS]; /* of blocks, at each scan */
		uint32_t scans, n;
		bool cut; /* there were too many places */
		struct growing_place place[GROWING_WATCHED]; /* by stack */
	} table[2];
};

/* Makes the next table from the last one and what blocks_of_stack says now. At
 * an end, what a listed place has lost since counts as still there. */
void growing_table_next(const struct growing_table *last,
			struct growing_table *next, bool is_end);

#endif
