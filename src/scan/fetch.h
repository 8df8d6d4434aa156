/*
 * Asks the processor for the memory of blocks that will be read soon. Call each
 * function for many blocks in a row. The processor may wait while it finds the
 * page of an address. It finds several pages at a time when the calls follow
 * each other.
 */
#ifndef FETCH_H
#define FETCH_H

#include <stdint.h>
#include "heap/heap.h"
#include "scan/blocks.h"

#define FETCH_LINE 64
#define FETCH_LINES 4 /* the processor asks for the rest by itself */

/* Asks for a block's first line and its record. Any word may be given. */
static inline void fetch_block(uintptr_t block)
{
	__builtin_prefetch((const void *)block);
	__builtin_prefetch(heap_words(block));
}

/* Asks for its next lines. Its record has to be there. */
static inline void fetch_lines(uintptr_t block)
{
	uintptr_t end = block + blocks_size(block), line = block;
	uint32_t i;

	for (i = 1; i < FETCH_LINES; i++) {
		line = (line | (FETCH_LINE - 1)) + 1;
		if (line >= end)
			return;
		__builtin_prefetch((const void *)line);
	}
}

#endif
