/*
 * While one thread goes on, what its registers hold, and what it moves from one
 * place to another, looks unreached. A block is believed to be unreached when a
 * scan with all threads stopped has found it so. All others are suspects.
 *
 * Snapshot child, after marking.
 */
#ifndef PROVEN_H
#define PROVEN_H

#include <stdint.h>

#define PROVEN 65536
/* In the memory that child and program share: in order of address. */
struct proven {
	uint8_t epoch; /* epoch of that scan: a younger block is another one */
	uint32_t n;
	uintptr_t block[PROVEN];
};

/* All threads are stopped: notes what is unreached. */
void proven_note(struct proven *proven);
/* One thread is not: doubts what is not noted. What only counts prove dead is
 * taken for reached. */
void proven_doubt(const struct proven *proven);

#endif
