/*
 * Sets marks in the cells of the blocks' index: strong ones, or weak ones for
 * blocks to which only a suspect word leads. What is marked waits on a stack to
 * be read, instead of recursion.
 *
 * Snapshot child only.
 */
#ifndef MARKS_H
#define MARKS_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/likely.h"
#include "base/list.h"
#include "scan/sheet.h"

struct marks {
	struct list stack; /* blocks to read, ... */
	uint32_t later;	   /* ... and how many of them are read last */
	uint64_t left;	   /* blocks that are not marked strong */
	bool weak;	   /* marks are weak */
	int failed;	   /* 0 or -ENOMEM */
};

static inline void marks_push(struct marks *marks, uintptr_t block)
{
	if (likely(marks->stack.n < marks->stack.room))
		((uintptr_t *)marks->stack.list)[marks->stack.n++] = block;
	else if (!list_add(&marks->stack, &block, sizeof block))
		marks->failed = -ENOMEM;
}

/* Only when it is not empty. */
static inline uintptr_t marks_pop(struct marks *marks)
{
	return ((uintptr_t *)marks->stack.list)[--marks->stack.n];
}

static inline bool marks_has(const struct marks *marks, const struct cell *cell,
			     uint64_t bit)
{
	return (cell->strong | (marks->weak ? cell->weak : 0)) & bit;
}

static inline void marks_set(struct marks *marks, struct cell *cell,
			     uint64_t bit, uintptr_t block)
{
	if (unlikely(marks->weak)) {
		cell->weak |= bit;
	} else {
		cell->strong |= bit;
		marks->left--;
	}
	marks_push(marks, block);
}

/* The same for one block more when all others are done, always strong. */
static inline void marks_add(struct marks *marks, struct cell *cell,
			     uint64_t bit, uintptr_t block)
{
	if (cell->strong & bit)
		return;
	cell->strong |= bit;
	marks_push(marks, block);
}

#endif
