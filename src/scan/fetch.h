/*
 * Asks for the memory of blocks that will be read soon. Call each for many
 * blocks at once: a processor that has to find the page of what is asked for
 * may wait for that, but it finds the pages of many when nothing else stands
 * between.
 */
#ifndef FETCH_H
#define FETCH_H

#include <stdint.h>
#include "heap/heap.h"
#include "scan/blocks.h"

#define FETCH_LINE 64
#define FETCH_LINES 4 /* the processor itself sees where it goes on */

/* Its first line, and its record. Any word may be given. */
static inline void fetch_block(uintptr_t block)
{
	__builtin_prefetch((const void *)block);
	__builtin_prefetch(heap_words(block));
}

/* Its other lines, once its record is there. */
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
