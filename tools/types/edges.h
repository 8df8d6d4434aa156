/*
 * The edges of a finding's sample, by the block from which they lead.
 */
#ifndef EDGES_H
#define EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "types/leaf.h"

struct type;

struct edges {
	struct report *report;
	struct finding *finding;
	size_t members_n, edges_n; /* with those that a head keeps */
	size_t *first; /* of each member, and where the last's end */
	size_t *list;  /* indices of the finding's edges */
	size_t steps;  /* that edges_fit() may still take */
};

/* edges_free() ends it. */
void edges_list(struct edges *edges, struct report *report,
		struct finding *finding);
void edges_free(struct edges *edges);
/* What the type of the block from which it leads has at its offset; 0: nothing
 * is known. */
size_t edge_leaves(const struct edges *edges, const struct edge *edge,
		   struct leaf leaves[LEAVES_MAX]);
/* False: a word of the member leads somewhere, although a type that begins at
 * `at` in it has no pointer there. Of a finding whose edges are too many to
 * look at that often, false from then on. */
bool edges_fit(struct edges *edges, size_t member, const struct type *type,
	       uint64_t at);

#endif
