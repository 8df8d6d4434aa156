/*
 * The word of one block that leads to another.
 *
 * Snapshot child only.
 */
#ifndef STEP_H
#define STEP_H

#include <stdint.h>

struct step {
	uintptr_t at;	/* its address; 0: a link whose word is unknown */
	uintptr_t word; /* what stands in it */
};

/* Reads the block again. Takes the first word that owns what it leads to. */
struct step step_find(uintptr_t from, uintptr_t to);

#endif
