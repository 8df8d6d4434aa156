/*
 * The recorded blocks of the snapshot, in order of address, and the look-up
 * from any word to the block it points to.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include "heap.h"
#include "maps.h"

#define BLOCK_NONE UINT32_MAX

struct blocks {
	uint32_t n;
	uintptr_t *address;
	struct heap_word *word;
	uint32_t programs; /* of them, what the loader and we ourselves did not
			      allocate, ... */
	uint64_t bytes;	   /* ... and their bytes */
};
extern struct blocks blocks;

/* 0 or -ENOMEM. */
int blocks_build(void) __attribute__((warn_unused_result));
/* What lies in no mapping (a pool is gone as a whole) is not lost. */
void blocks_ignore_unmapped(const struct maps *maps);
uint64_t blocks_size(uint32_t block);
/* The block that word points to or into, or BLOCK_NONE. */
uint32_t blocks_find(uintptr_t word);
/* The first block at or after address (n when there is none). */
uint32_t blocks_from(uintptr_t address);

#endif
