/*
 * How old the blocks of some stacks are, as far as epochs tell.
 *
 * Snapshot child only, once blocks are marked.
 */
#ifndef AGES_H
#define AGES_H

#include <stdint.h>

struct roots;

/* Of the blocks of one stack that are live. */
struct age {
	uint64_t bytes;
	uint32_t n, old; /* all; those that are not younger than asked for */
	uint32_t recent; /* of the newest: its epoch and 1 */
	/* Of those that were there at the scan before, if there are some: what
	 * has just been made is still being worked on, and held by that. 0:
	 * there is none. */
	uintptr_t newest;
};

/* Which stacks are asked for. */
struct ages {
	uint16_t *of_stack;  /* by stack: its number from 1, or 0 */
	uint32_t stacks;     /* stack ids are below */
	uint32_t epoch, now; /* blocks up to that one are old; this scan's */
	struct age *age;     /* by number */
};

/* The number of a block's stack, or 0. */
uint32_t ages_number(const struct ages *ages, uintptr_t block);
/* Fills ages->age. Cost: one look at the record of each live block. */
void ages_look(const struct roots *roots, const struct ages *ages);

#endif
