/*
 * From the unreached graph to findings: which components are cycles, which
 * blocks are lost heads, which objects count more references than there are,
 * what each keeps, and which are of one shape.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "graph/finding.h"
#include "graph/graph.h"

struct findings {
	uint32_t n;
	struct finding *list;  /* largest (bytes + retained) first, then id;
				  what is no alarm last */
	const uint64_t *stale; /* for graph.stale */
	/* The id of the finding that graph.asked is in; 0: none. Whether it is
	 * no member, but kept by it. */
	uint64_t asked;
	bool asked_is_kept;
};

/* All memory comes from the arena. Linear in nodes and edges for practical
 * graphs. 0, or -ENOMEM. */
int findings_find(const struct graph *graph, struct arena *arena,
		  struct findings *out) __attribute__((warn_unused_result));

/* Debug builds and tests: whether it is in order, with every member and cut in
 * the graph. */
bool findings_is_valid(const struct graph *graph,
		       const struct findings *findings);

#endif
