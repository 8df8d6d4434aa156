/*
 * Instances: every cycle and every lost block of a graph, before those of one
 * shape are folded into findings. Internal to the finding stage.
 */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <stdbool.h>
#include <stdint.h>
#include "cycle.h"
#include "finding.h"

struct instances {
	const struct graph *graph;
	struct components components;
	/* The nodes of component c, ascending, are
	 * member[row[c]..row[c + 1]); place[i] is where i stands among them. */
	uint32_t *row, *member, *place;
	/* Numbered by their lowest node. */
	uint32_t n;
	uint32_t *component;	/* of an instance */
	uint32_t *of_component; /* the instance, or NODE_NONE */
	/* Filled by shapes_find(). */
	uint64_t *id;	   /* of an instance: hash of its shape, never 0 */
	uint32_t *finding; /* of an instance: number of its shape, by id */
	uint32_t findings; /* shapes */
};

/* All but the shapes. 0, or -ENOMEM. */
int instances_find(const struct graph *graph, struct arena *arena,
		   struct instances *out) __attribute__((warn_unused_result));

/* shape.c: fills id, finding and findings. 0, or -ENOMEM. */
int shapes_find(struct instances *instances, struct arena *arena)
	__attribute__((warn_unused_result));

static inline uint32_t instance_members(const struct instances *instances,
					uint32_t instance)
{
	uint32_t c = instances->component[instance];

	return instances->row[c + 1] - instances->row[c];
}

static inline const uint32_t *instance_member(const struct instances *instances,
					      uint32_t instance)
{
	return instances->member +
	       instances->row[instances->component[instance]];
}

static inline enum finding_kind instance_kind(const struct instances *instances,
					      uint32_t instance)
{
	return instance_members(instances, instance) > 1 ? FINDING_CYCLE
							 : FINDING_LOST;
}

/* Debug builds and tests. */
bool instances_is_valid(const struct instances *instances);

#endif
