/*
 * While one thread goes on, what its registers hold, and what it moves from
 * one place to another, looks unreached. A block is believed to be when a scan
 * with all threads stopped has found it so; all others are suspects.
 *
 * Snapshot child, after marking.
 */
#ifndef PROVEN_H
#define PROVEN_H

#include <stdint.h>

#define PROVEN 65536
/* In the memory that child and program share: in order of address. */
struct proven {
	uint8_t epoch; /* of that scan: what is younger is another block */
	uint32_t n;
	uintptr_t block[PROVEN];
};

/* All threads are stopped: what is unreached is. */
void proven_note(struct proven *proven);
/* One is not. What counts alone prove dead is taken for reached. */
void proven_doubt(const struct proven *proven);

#endif
