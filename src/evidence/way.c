/* See way.h. */
#include <stdbool.h>
#include <string.h>
#include "evidence/evidence.h"
#include "evidence/members.h"
#include "evidence/steps.h"
#include "evidence/told.h"
#include "evidence/way.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/holder.h"
#include "scan/path.h"
#include "scan/step.h"

static void add_step(uintptr_t from, uintptr_t at, uintptr_t word,
		     uintptr_t block, void *data)
{
	struct heap_word record = blocks_word(block);
	struct path_step step = {
		.from = from,
		.at = at,
		.word = word,
		.block = block,
		.size = heap_size(block, record),
		.stack = heap_stack(record),
	};

	steps_add(data, &step);
}

static struct evidence_edge edge_to(const struct path_step *step, uint32_t i,
				    struct evidence *out)
{
	const struct ref_slot *slot = counts_slot(step->at);
	uint64_t into = step->word - step->block;
	const char *field = slot ? slot->field : NULL;

	if (!field)
		field = told_field(step->from, step->at, step->block, out);
	return (struct evidence_edge){
		.from = i - 1,
		.to = i,
		.kind = into ? EDGE_INTERIOR : EDGE_STRONG,
		.offset = step->at ? step->at - step->from : 0,
		.into = into,
		.field = field,
		.linked = slot && slot->flags & SLOT_LINK,
		.stack = slot ? slot->stack : 0,
	};
}

static void evidence_begin(struct evidence *out)
{
	out->members_n = out->kept_n = out->edges_n = 0;
	out->resources_n = out->names_used = 0;
	memset(out->places.node, 0xff, sizeof out->places.node); /* none */
}

void way_gather_block(uintptr_t block, struct evidence *out)
{
	evidence_begin(out);
	out->member[0] = members_block(block, out);
	out->members_n = 1;
}

/* The step before that a runtime told to be the owner, or -1. */
static int32_t part_of(const struct steps *steps, uint32_t i)
{
	uintptr_t owner = told_owner(steps->list[i].block);
	uint32_t k;

	for (k = i; owner && k-- > 0 && k + STEPS_PERIOD >= i;)
		if (steps->list[k].block == owner)
			return (int32_t)k;
	return -1;
}

static void gather_steps(const struct steps *steps, struct evidence *out)
{
	uint32_t i;

	evidence_begin(out);
	for (i = 0; i < steps->n; i++) {
		out->member[i] = members_block(steps->list[i].block, out);
		out->members_n++;
		out->member[i].part_of = part_of(steps, i);
		if (i && !(steps->omitted && i == steps->omitted_at))
			out->edge[out->edges_n++] =
				edge_to(&steps->list[i], i, out);
	}
}

static const char *decree_of(uintptr_t block)
{
	struct heap_word word = blocks_word(block);

	if (word.bits & HEAP_IGNORED)
		return "the program told that it is no leak";
	if (!heap_stack(word))
		return "libc or the loader made it for itself";
	return "it was there before: when the process was forked, or at a "
	       "baseline";
}

static const char *const holders[] = {
	[HOLDER_VARIABLE] = "variable", [HOLDER_STACK] = "stack",
	[HOLDER_REGISTER] = "register", [HOLDER_THREAD] = "thread",
	[HOLDER_MEMORY] = "memory",
};

struct evidence_root way_root(const struct holder *holder)
{
	return (struct evidence_root){
		.kind = holders[holder->kind],
		.at = holder->at,
		.module = holder->module,
		.thread = holder->thread,
		.tid = holder->tid,
		.code = holder->code,
		.code_module = holder->code_module,
	};
}

void way_gather(const struct path *path, const struct holder *holder,
		struct way *way, struct evidence *out)
{
	const struct path_step *first = &way->steps.list[0];

	memset(&way->steps, 0, sizeof way->steps);
	step_each(path, add_step, &way->steps);
	steps_end(&way->steps);
	way->decree = NULL;
	if (!holder) {
		way->decree = decree_of(first->block);
	} else {
		way->root = way_root(holder);
		way->root.into = first->word - first->block;
	}
	gather_steps(&way->steps, out);
}
