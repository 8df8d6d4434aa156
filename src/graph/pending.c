/* See pending.h. */
#include <errno.h>
#include <stdbool.h>
#include "base/arena.h"
#include "graph/finding.h"
#include "graph/folding.h"
#include "graph/graph.h"
#include "graph/instance.h"
#include "graph/pending.h"

enum state { UNKNOWN, GOES, STAYS }; /* of an instance */

/* Of a cycle that no collector sees nothing is known but what holds it. */
static enum state state_alone(const struct folding *f, uint32_t instance)
{
	const struct instances *in = &f->instances;
	const uint32_t *member = instance_member(in, instance);
	uint32_t i;

	if (instance_is_pending(in, instance))
		return GOES;
	if (f->forest.parent[instance] == NODE_NONE ||
	    instance_kind(in, instance) != FINDING_CYCLE)
		return STAYS;
	for (i = 0; i < instance_members(in, instance); i++)
		if (in->graph->flags[member[i]] & NODE_KEPT)
			return STAYS;
	return UNKNOWN;
}

/* As what holds it. */
static void settle(const struct folding *f, uint8_t *state, uint32_t instance)
{
	uint32_t at = instance, up;

	while (state[at] == UNKNOWN)
		at = f->forest.parent[at];
	for (; state[instance] == UNKNOWN; instance = up) {
		up = f->forest.parent[instance];
		state[instance] = state[at];
	}
}

static bool any_pending(const struct folding *f)
{
	uint32_t i;

	for (i = 0; i < f->instances.findings; i++)
		if (f->list[i].pending)
			return true;
	return false;
}

int pending_spread(struct folding *f)
{
	const uint32_t *finding = f->instances.finding;
	uint32_t i, n = f->instances.n;
	uint8_t *state;

	if (!any_pending(f))
		return 0;
	state = arena_array(f->arena, n, sizeof(*state));
	if (!state)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		state[i] = state_alone(f, i);
	for (i = 0; i < n; i++) {
		settle(f, state, i);
		f->list[finding[i]].pending |= state[i] == GOES;
	}
	for (i = 0; i < n; i++)
		if (state[i] == STAYS)
			f->list[finding[i]].pending = false;
	arena_release(state, n, sizeof(*state));
	return 0;
}
