/*
 * What is recorded of a block: a word, where it fits one.
 */
#ifndef HEAP_WORD_H
#define HEAP_WORD_H

#include <stddef.h>
#include <stdint.h>

/* stack:26 | size:27 | epoch:7 | flags:4 */
#define HEAP_LIVE 1u	/* always set: tells a record from nothing */
#define HEAP_IGNORED 2u /* read as live, never reported */
#define HEAP_SHADOW 4u	/* refs.h knows something of it */
#define HEAP_UPPER 8u	/* it begins 16 bytes into its granule */
#define HEAP_EPOCH_SHIFT 4
#define HEAP_EPOCH_MAX 127
/* Scans stop here; forks go on. */
#define HEAP_EPOCH_LAST (HEAP_EPOCH_MAX - 20)
#define HEAP_SIZE_SHIFT 11
#define HEAP_SIZE_BITS 27
#define HEAP_SIZE_MAX ((1u << HEAP_SIZE_BITS) - 1) /* then in the overflow */
#define HEAP_STACK_SHIFT (HEAP_SIZE_SHIFT + HEAP_SIZE_BITS)

struct heap_word {
	uint64_t bits;
};

static inline uint32_t heap_stack(struct heap_word w)
{
	return w.bits >> HEAP_STACK_SHIFT;
}
static inline uint32_t heap_small_size(struct heap_word w)
{
	return w.bits >> HEAP_SIZE_SHIFT & HEAP_SIZE_MAX;
}
static inline uint8_t heap_epoch(struct heap_word w)
{
	return w.bits >> HEAP_EPOCH_SHIFT & HEAP_EPOCH_MAX;
}

struct heap_entry {
	uintptr_t address;
	struct heap_word word;
	size_t size;
};

#endif
