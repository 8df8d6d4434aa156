/*
 * What the snapshot child could not see, and the program's side is to show to
 * the next child.
 */
#ifndef LEARN_H
#define LEARN_H

#include <stdint.h>
#include "heap/range.h"

enum lesson_kind {
	LESSON_WIPED,  /* a child finds zeros there: MADV_WIPEONFORK */
	LESSON_ABSENT, /* a child does not have it: MADV_DONTFORK */
	LESSON_SHARED, /* others write to it while the child reads */
	LESSON_KINDS,
};

struct lesson {
	uintptr_t low, high;
	enum lesson_kind kind;
};

#define LEARNED 256
/* In the memory that child and program share. */
struct learned {
	uint32_t n;
	uint32_t looks; /* looks for memory that is absent */
	struct lesson list[LEARNED];
};

/* Where each kind is kept. */
extern struct ranges *const learn_ranges[LESSON_KINDS];
/* On the program's side, when the child has ended: takes over all that was
 * told. */
void learn_all(struct learned *learned);

#endif
