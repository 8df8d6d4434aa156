/*
 * The shortest path from a root to a block, breadth first: what reaches the
 * block, block by block (step.h). Words are followed as marking follows them,
 * but for those that make only suspects.
 *
 * Snapshot child only. Besides the index, the search takes 12 bytes for each
 * block that it reaches, and its marks are the weak ones of the cells.
 */
#ifndef PATH_H
#define PATH_H

#include <stdbool.h>
#include <stdint.h>
#include "process/stopped.h"
#include "scan/root.h"
#include "scan/search.h"

/* What the path begins with. */
struct path {
	bool found;
	bool by_decree;	  /* no root: the first block is live by decree */
	uintptr_t at;	  /* the root's word */
	uint32_t first;	  /* the number of the first block */
	uintptr_t target; /* the last block */
};

/* Searches. Of what variables hold, the path is the shortest from a variable;
 * of the rest, from a stack or a register; then from other memory. self: the
 * thread that was stopped first. Needs counts_build(). 0 or -ENOMEM. */
int path_find(const struct roots *roots, const struct stopped *self,
	      uintptr_t target, struct path *out)
	__attribute__((warn_unused_result));

/* Reaches all that is live, for paths to many blocks. A block that watch says
 * true of is read after all else: what then comes after it, nothing but such
 * blocks leads to. Needs counts_build(). 0 or -ENOMEM. Call path_free() then
 * in either case. */
int path_reach(const struct roots *roots, const struct stopped *self,
	       search_watch_fn *watch, void *data)
	__attribute__((warn_unused_result));
/* The path to a block of reached.h. path_back() before the next one. */
void path_to(uint32_t number, const struct roots *roots,
	     const struct stopped *self, struct path *out);
void path_back(const struct path *path);
void path_free(void);

#endif
