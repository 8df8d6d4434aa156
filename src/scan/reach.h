/*
 * What the roots reach, by all ways in which memory may hold a block.
 *
 * Snapshot child only.
 */
#ifndef REACH_H
#define REACH_H

#include "scan/root.h"

struct arena;

/* Marks it, and adds the roots that are found late. Needs counts_build(). 0 or
 * -ENOMEM. */
int reach(struct roots *roots, struct arena *arena)
	__attribute__((warn_unused_result));

#endif
