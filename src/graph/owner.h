/*
 * Owners: which instance keeps each component that is no instance itself, and
 * in which instance each cycle or excess object is nested. That makes the
 * instances a forest.
 */
#ifndef OWNER_H
#define OWNER_H

#include "base/arena.h"
#include "graph/instance.h"

struct forest {
	uint32_t *parent; /* of an instance: an instance, or NODE_NONE */
	uint32_t *blocks; /* of an instance: the members of the tree below it,
			     ... */
	uint64_t *tree; /* ... and all that they own: blocks, and their bytes */
	bool *top; /* of an instance: no instance above it is of its finding */
	/* scratch */
	uint32_t *depth; /* of an instance: 0 where there is no parent */
	uint32_t *jump;	 /* of an instance: an ancestor further up, or itself */
};

/* Fills the owner of the instances, too. 0, or -ENOMEM. */
int owners_find(struct instances *instances, struct arena *arena,
		struct forest *out) __attribute__((warn_unused_result));

/* Debug builds and tests. */
bool owners_is_valid(const struct instances *instances,
		     const struct forest *forest);

#endif
