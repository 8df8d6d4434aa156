/*
 * See gobject_mini.h. Blocks of one stack are of one kind, so only those are
 * looked at of whose stack the first ones are such objects. An object knows
 * those that have it, by words that own nothing.
 */
#include <errno.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/large.h"
#include "heap/heap_word.h"
#include "process/symbols.h"
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_mini.h"
#include "runtimes/gobject_types.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "stack/depot.h"

#define COUNT_MOST (1 << 24)
#define PARENTS_MAX 65536u

static bool *is_mini LARGE; /* by stack */
static uint32_t stacks;

static bool is_code(uint64_t function)
{
	return !function ||
	       (function >= 4096 && blocks_find(function) == BLOCK_NONE);
}

/* The quark of its type; 0: the block is none. */
static uint32_t mini_read(uintptr_t block, struct form_mini *out)
{
	uint32_t name;

	if (blocks_size(block) < sizeof *out)
		return 0;
	fault_copy(out, block, sizeof *out);
	name = out->type % 8 ? 0 : gobject_types_boxed(out->type);
	return is_code(out->copy) && is_code(out->dispose) &&
			       is_code(out->free) &&
			       out->state <= FORM_MINI_PARENTS
		       ? name
		       : 0;
}

int gobject_mini_begin(struct arena *arena)
{
	const uintptr_t *first = blocks_first.list;
	struct symbols_owner gstreamer;
	struct form_mini mini;
	int some = 0;
	uint32_t i;

	if (!symbols_owner(&gstreamer, "gst_mini_object_init"))
		return 0;
	stacks = depot_count() + 1;
	is_mini = arena_array(arena, stacks, sizeof *is_mini);
	if (!is_mini)
		return -ENOMEM;
	for (i = 0; i < blocks_first.n; i++)
		if (mini_read(first[i], &mini))
			some = is_mini[heap_stack(blocks_word(first[i]))] = 1;
	return some;
}

static int parents_declare(uintptr_t block, const struct form_mini *mini)
{
	uintptr_t at = block + offsetof(struct form_mini, parent);
	struct form_parents parents;

	if (mini->state == FORM_MINI_PARENT)
		return declare_weak(at, at + 8);
	if (mini->state != FORM_MINI_PARENTS || !blocks_begins(mini->parent) ||
	    blocks_size(mini->parent) < sizeof parents)
		return 0;
	fault_copy(&parents, mini->parent, sizeof parents);
	if (parents.n > PARENTS_MAX || !blocks_begins(parents.list) ||
	    blocks_size(parents.list) < 8ul * parents.n)
		return 0;
	return declare_weak(parents.list, parents.list + 8ul * parents.n);
}

int gobject_mini_declare(uintptr_t block)
{
	uint32_t stack = heap_stack(blocks_word(block));
	struct declared_object object = {
		.block = block,
		.at = block,
		/* structures have the address of its count */
		.flags = DECLARED_EXACT,
	};
	struct form_mini mini;
	int err;

	if (!is_mini || stack >= stacks || !is_mini[stack] ||
	    !mini_read(block, &mini))
		return 0;
	err = parents_declare(block, &mini);
	if (err || mini.count <= 0 || mini.count > COUNT_MOST)
		return err; /* a pool has what nobody counts */
	object.count = mini.count;
	err = declare_object(&object);
	return err == -ENOMEM ? err : 0;
}

uint32_t gobject_mini_name(uintptr_t block)
{
	uint32_t stack = heap_stack(blocks_word(block));
	struct form_mini mini;

	return is_mini && stack < stacks && is_mini[stack]
		       ? mini_read(block, &mini)
		       : 0;
}
