/*
 * Instances: every cycle, every lost block and every object with a count too
 * high, before those of one shape are folded into findings. Internal to the
 * finding stage.
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
	/*
	 * Numbered by the lowest node of their component. The excess objects
	 * of a cycle come right before it, in order.
	 */
	uint32_t n;
	uint32_t *component; /* of an instance */
	uint32_t *head;	     /* the object of an excess, else NODE_NONE */
	/* The last instance of a component, to which belongs what it leads
	 * to; or NODE_NONE. */
	uint32_t *of_component;
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

/* A block alone is one when it counts a reference on itself. */
static inline bool component_is_cycle(const struct instances *instances,
				      uint32_t c)
{
	uint32_t first = instances->row[c];

	return instances->row[c + 1] - first > 1 ||
	       instances->graph->flags[instances->member[first]] & NODE_SELF;
}

static inline uint32_t instance_members(const struct instances *instances,
					uint32_t instance)
{
	uint32_t c = instances->component[instance];

	if (instances->head[instance] != NODE_NONE)
		return 1;
	return instances->row[c + 1] - instances->row[c];
}

static inline const uint32_t *instance_member(const struct instances *instances,
					      uint32_t instance)
{
	if (instances->head[instance] != NODE_NONE)
		return &instances->head[instance];
	return instances->member +
	       instances->row[instances->component[instance]];
}

static inline enum finding_kind instance_kind(const struct instances *instances,
					      uint32_t instance)
{
	if (instances->head[instance] != NODE_NONE)
		return FINDING_EXCESS;
	return component_is_cycle(instances, instances->component[instance])
		       ? FINDING_CYCLE
		       : FINDING_LOST;
}

/* Debug builds and tests. */
bool instances_is_valid(const struct instances *instances);

#endif
