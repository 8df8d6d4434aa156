/*
 * Findings while instances are folded into them. Internal to the finding stage.
 */
#ifndef FOLDING_H
#define FOLDING_H

#include "base/arena.h"
#include "base/bits.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/owner.h"

struct folding {
	struct instances instances;
	struct forest forest;
	struct arena *arena;
	struct finding *list; /* by the number of the shape */
	uint32_t *sample; /* of a finding: the instance that is shown, ... */
	uint32_t *alone;  /* ... or the lone block, or NODE_NONE */
	uint64_t *open;	  /* bits of instances that are none (closed.h); NULL:
			     there are no such */
};

static inline bool folding_leaves_out(const struct folding *f,
				      uint32_t instance)
{
	return f->open && bit_is_set(f->open, instance);
}

/* The first node that a finding shows. */
static inline uint32_t folding_head(const struct folding *f, uint32_t number)
{
	if (f->alone[number] != NODE_NONE)
		return f->alone[number];
	return *instance_member(&f->instances, f->sample[number]);
}

#endif
