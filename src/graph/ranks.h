/*
 * Ranks of classes. Classes whose stacks have one hash are alike: from here on
 * the rank of that hash stands for the class.
 */
#ifndef RANKS_H
#define RANKS_H

#include <stdint.h>
#include "base/arena.h"
#include "graph/graph.h"

struct ranks {
	uint32_t *rank; /* of a class: the rank of its hash among the distinct
			   hashes */
	uint64_t *hash; /* of a rank, ascending */
	uint32_t n;	/* ranks */
};

/* 0, or -ENOMEM. */
int ranks_find(const struct graph *graph, struct arena *arena,
	       struct ranks *out) __attribute__((warn_unused_result));

#endif
