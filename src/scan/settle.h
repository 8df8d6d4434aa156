/*
 * When memory shared with other processes could not be frozen, blocks that only
 * it held just then look unreached. A block is believed to be unreached when
 * the scan before found it so, too.
 */
#ifndef SETTLE_H
#define SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#define UNSETTLED 65536
/* In the memory that child and program share: what two scans found unreached,
 * in order of address. */
struct unsettled {
	uint32_t last; /* the list of the scan before */
	uint32_t n[2];
	uintptr_t block[2][UNSETTLED];
};

/* Snapshot child, after marking: marks all blocks that were not found unreached
 * before, and what they hold. False when there are any. */
bool settle(struct unsettled *unsettled);

#endif
