/*
 * Instances: every cycle, every lost block and every object with a count too
 * high, before those of one shape are folded into findings. Internal to the
 * finding stage.
 *
 * A heap may consist of blocks that nothing leads to and that lead nowhere.
 * Each is lost alone. They have no instance, only a finding by their class.
 */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bits.h"
#include "base/list.h"
#include "graph/components.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "graph/ranks.h"

struct instances {
	const struct graph *graph;
	struct ranks ranks;
	struct components components; /* without the blocks that are alone */
	uint32_t *member; /* nodes by component, ascending in each */
	uint64_t *begins; /* bits: a component begins at this place in member;
			     one more bit past the last */
	/*
	 * Numbered by the lowest node of their component. The excess objects
	 * of a cycle come right before it, in order.
	 */
	uint32_t n;
	uint32_t *first; /* of an instance: the place of its component in member
			  */
	uint32_t *head;	 /* the object of an excess, else NODE_NONE; NULL when
			    nothing is counted */
	struct list firsts, heads; /* their memory */
	/* The last instance of a component: what the component leads to belongs
	 * to it. NODE_NONE when there is none, until owners_find() fills it. */
	uint32_t *owner;
	uint64_t *own; /* bits: a component has instances */
	/* Filled by shapes_find() of shape.h. */
	uint32_t *finding; /* of an instance: number of its shape */
	uint32_t *lost; /* of a class: the same, for a block alone; or NODE_NONE
			 */
	uint64_t *id;	/* of a finding: hash of the shape, never 0,
			   ascending */
	uint32_t findings; /* shapes */
};

/* All but the shapes. 0, or -ENOMEM. */
int instances_find(const struct graph *graph, struct arena *arena,
		   struct instances *out) __attribute__((warn_unused_result));

static inline bool node_is_alone(const struct instances *instances,
				 uint32_t node)
{
	return bit_is_set(instances->components.alone, node);
}

/* Whether edge e of a node leads to another component. The nodes' components
 * tell that only with one more look into memory. */
static inline bool edge_leaves(const struct instances *instances, uint32_t node,
			       uint32_t e)
{
	return bit_is_set(instances->components.cross, e + node);
}

/* Whether it stays in its component. A stale one does neither. */
static inline bool edge_stays(const struct instances *instances, uint32_t node,
			      uint32_t e)
{
	const uint64_t *stale = instances->components.stale;

	return !edge_leaves(instances, node, e) &&
	       !(stale && bit_is_set(stale, e + node));
}

static inline uint32_t instance_component(const struct instances *instances,
					  uint32_t instance)
{
	uint32_t first = instances->first[instance];

	return instances->components.component[instances->member[first]];
}

/* How many nodes the component has that begins at this place in member. */
static inline uint32_t component_size(const struct instances *instances,
				      uint32_t first)
{
	uint32_t at = first + 1;
	uint64_t bits = instances->begins[at / 64] >> at % 64;

	if (bits)
		return __builtin_ctzl(bits) + 1;
	at = at / 64 + 1;
	while (!instances->begins[at])
		at++;
	return at * 64 + __builtin_ctzl(instances->begins[at]) - first;
}

/* A component of one block is a cycle when it counts a reference on itself. */
static inline bool component_is_cycle(const struct instances *instances,
				      uint32_t first)
{
	return !bit_is_set(instances->begins, first + 1) ||
	       instances->graph->flags[instances->member[first]] & NODE_SELF;
}

/* The object of an excess, or NODE_NONE. */
static inline uint32_t instance_head(const struct instances *instances,
				     uint32_t instance)
{
	return instances->head ? instances->head[instance] : NODE_NONE;
}

static inline uint32_t instance_members(const struct instances *instances,
					uint32_t instance)
{
	if (instance_head(instances, instance) != NODE_NONE)
		return 1;
	return component_size(instances, instances->first[instance]);
}

static inline const uint32_t *instance_member(const struct instances *instances,
					      uint32_t instance)
{
	if (instance_head(instances, instance) != NODE_NONE)
		return &instances->head[instance];
	return instances->member + instances->first[instance];
}

static inline enum finding_kind instance_kind(const struct instances *instances,
					      uint32_t instance)
{
	if (instance_head(instances, instance) != NODE_NONE)
		return FINDING_EXCESS;
	return component_is_cycle(instances, instances->first[instance])
		       ? FINDING_CYCLE
		       : FINDING_LOST;
}

/* Whether a collector will free a cycle: it sees some of its objects, and will
 * free all that it sees. */
static inline bool instance_is_pending(const struct instances *instances,
				       uint32_t instance)
{
	const uint32_t *member = instance_member(instances, instance);
	uint32_t i, n = instance_members(instances, instance);
	uint8_t flags = 0;

	for (i = 0; i < n; i++)
		flags |= instances->graph->flags[member[i]];
	return (flags & (NODE_PENDING | NODE_KEPT)) == NODE_PENDING;
}

/* Whether what owns component c is an instance in it. */
static inline bool owner_is_own(const struct instances *instances, uint32_t c)
{
	return bit_is_set(instances->own, c);
}

/* Debug builds and tests, before owners_find(). */
bool instances_is_valid(const struct instances *instances);

#endif
