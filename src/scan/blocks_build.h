/*
 * What blocks_build.c leaves to blocks.c beside the pages.
 */
#ifndef BLOCKS_BUILD_H
#define BLOCKS_BUILD_H

#include "base/list.h"

/* Blocks that reach into another slot. */
struct large {
	uintptr_t block, end;
};
extern struct list blocks_large;

/* Those that a pool carves others from, which may be such again. */
struct outer {
	uintptr_t block;
	uint32_t in; /* the number of another, from 1, or 0 */
};
extern struct list blocks_outer;

/* Some page has granules of another size. */
extern bool blocks_fine;

#endif
