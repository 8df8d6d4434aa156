/*
 * Blocks of one kind among all. Blocks of one allocation stack are of one kind.
 * So only the first of each are looked at (blocks_first), and all blocks of
 * those stacks that have one of the kind among these. A program without any
 * pays for no more.
 *
 * Snapshot child only.
 */
#ifndef ALIKE_H
#define ALIKE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct alike {
	/* Whether a block is of the kind; stack: the id of its stack. */
	bool (*is)(uintptr_t block, uint64_t size, uint32_t stack);
	/* Of a stack that has some: declares the block if it is one. 0 or
	 * -errno, which ends it. */
	int (*declare)(uintptr_t block, uint64_t size);
	/* Of alike_exist(): for which blocks it was asked, and the answer. */
	const void *asked;
	bool here;
};

/* Whether there are any. Looks once a scan. */
bool alike_exist(struct alike *kind);
/* Calls declare() for all blocks of those stacks. 0, -ENOMEM, or
 * what declare() returned. */
int alike_declare(const struct alike *kind, struct arena *arena)
	__attribute__((warn_unused_result));

#endif
