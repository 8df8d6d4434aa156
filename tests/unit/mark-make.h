/* Roots of one word each, on heaps made by hand. */
#ifndef MARK_MAKE_H
#define MARK_MAKE_H

#include "base/arena.h"
#include "heap-make.h"
#include "scan/counts.h"
#include "scan/mark.h"
#include "scan/root.h"

#define A (room + HERE)
#define B (room + HERE + 0x1000)
#define C (room + HERE + 0x8000) /* of another page of cells */
#define D (room + HERE + 0x8100)
#define E (room + 40 * HERE)

static struct roots roots;
static unsigned roots_n;

static inline void begin(void)
{
	static struct arena arena;

	CHECK_EQUAL(blocks_build(NULL), 0);
	CHECK_EQUAL(counts_build(&arena), 0);
	mark_begin(&roots);
}

/* Of up to 16 words, each of which is in a root of its kind. */
static inline uintptr_t word_at(unsigned i)
{
	return room + 64 + 8 * i;
}

static struct root root_of(enum root_kind kind, uintptr_t low, uintptr_t high)
{
	return (struct root){
		.low = low,
		.high = high,
		.kind = kind,
		.explicit = true,
	};
}

/* Marks what is held by a root of that one word. */
static inline void hold(uintptr_t word, enum root_kind kind)
{
	uintptr_t at = word_at(roots_n++);
	struct root root = root_of(kind, at, at + 8);

	put(at, word);
	mark_root(&root);
}

static inline void finish(void)
{
	CHECK_EQUAL(mark_held(), 0);
}

#endif
