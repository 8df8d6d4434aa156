/*
 * The recorded blocks of the snapshot: which block a word points to or into,
 * and which blocks are marked. A block is known by its address. Where blocks
 * begin, and their marks, is on sheets (sheet.h).
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/likely.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "scan/sheet.h"

#define BLOCK_NONE 0ul

/* Where a block begins. */
struct place {
	struct cell *cell; /* NULL: nowhere */
	uint64_t bit;
};

/* The block that word points to or into, or BLOCK_NONE. */
uintptr_t blocks_find(uintptr_t word);
/* Whether a block begins at word; 0 begins none. */
static inline bool blocks_begins(uintptr_t word)
{
	return word != BLOCK_NONE && blocks_find(word) == word;
}
/* The block of glibc's malloc that ends just before word, or BLOCK_NONE. A word
 * holds it so when the block is filled downwards (jq's stack). */
uintptr_t blocks_find_end(uintptr_t word);
/* The first block at or after address; BLOCK_NONE when there is none. */
uintptr_t blocks_from(uintptr_t address);
struct heap_word blocks_word_slow(uintptr_t block);
/* The word of a block that begins at a multiple of the granule. It is in the
 * table, unless another has its place. */
static inline struct heap_word blocks_word(uintptr_t block)
{
	const uint64_t *at = block % 16 ? NULL : heap_words(block);

	if (likely(at && *at && heap_begin(block, *at) == block))
		return (struct heap_word){*at};
	return blocks_word_slow(block);
}
static inline uint64_t blocks_size(uintptr_t block)
{
	return heap_size(block, blocks_word(block));
}
/* blocks_is_outer(): a pool has made blocks in this one. blocks_have_outer():
 * in some block. */
bool blocks_have_outer(void);
/* Whether some sheet has granules of another size. */
bool blocks_have_fine(void);
bool blocks_is_outer(uintptr_t block);
struct place blocks_place(uintptr_t block);

#endif
