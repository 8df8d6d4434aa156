/* See turn.h. */
#include "process/stopped.h"
#include "scan/blocks.h"
#include "scan/holder.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/turn.h"

enum turn turn_find(const struct root *root, const struct stopped *self)
{
	if (root->kind != ROOT_STRONG)
		return TURN_REST;
	if (!root->explicit)
		return TURN_LASTING;
	switch (holder_passing(root->low, self)) {
	case HOLDER_STACK:
		return TURN_STACKS;
	case HOLDER_REGISTER:
		return TURN_REGISTERS;
	default:
		return TURN_LASTING;
	}
}

struct last {
	uintptr_t block, at;
};

static void visit_last(uintptr_t at, uintptr_t word, void *data)
{
	struct last *last = data;

	if (blocks_find(word) == last->block)
		last->at = at;
}

uintptr_t turn_outermost(const struct roots *roots, const struct stopped *self,
			 uintptr_t block, uintptr_t at)
{
	struct last last = {block, at};
	uint32_t i;

	for (i = 0; i < roots->n; i++)
		if (at - roots->list[i].low <
			    roots->list[i].high - roots->list[i].low &&
		    turn_find(&roots->list[i], self) == TURN_STACKS)
			read_range(roots->list[i].low, roots->list[i].high,
				   roots->list[i].how, visit_last, &last);
	return last.at;
}
