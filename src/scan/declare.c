/* See declare.h. */
#include <errno.h>
#include "base/arena.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/links.h"
#include "scan/undecided.h"
#include "scan/unowned.h"

static struct {
	uint32_t runtime;
	/* What the runtimes before this one have declared. */
	uint32_t blocks_n, links_n, undecided_n;
	/* The last block in which a link lay. */
	uintptr_t block, end;
} told;

void declare_begin(uint32_t runtime)
{
	told.runtime = runtime;
	told.blocks_n = declared_added();
	told.links_n = links_added();
	told.undecided_n = undecided_added();
	unowned_begin();
}

void declare_forget(void)
{
	declared_forget(told.blocks_n);
	links_forget(told.links_n);
	undecided_forget(told.undecided_n);
	unowned_forget();
}

int declare_object(const struct declared_object *object)
{
	struct declared new = {
		.block = object->block,
		.count = object->count,
		.at = (uint32_t)(object->at - object->block),
		.flags = object->flags &
			 (DECLARED_WHOLE | DECLARED_EXACT | DECLARED_COLLECTED |
			  DECLARED_HIDDEN | DECLARED_LISTED | DECLARED_LEAF |
			  DECLARED_MAYBE),
		.runtime = (uint16_t)told.runtime,
	};
	int err;

	if (object->count <= 0 || object->at < object->block ||
	    object->at - object->block > UINT32_MAX)
		return -EINVAL;
	if (object->weak)
		new.flags |= DECLARED_UNDECIDED;
	err = declared_add(&new);
	if (err || (!object->weak && !(object->flags & DECLARED_MAYBE)))
		return err;
	return undecided_add(object->block, object->count - object->weak,
			     object->weak);
}

/* at: where references to a part in a collector's list lead. */
static int add_part(uintptr_t block, uintptr_t owner, uintptr_t at,
		    uint16_t flags)
{
	struct declared new = {
		.block = block,
		.owner = owner,
		.at = (uint32_t)(at - block),
		.flags = DECLARED_PART | flags,
		.runtime = (uint16_t)told.runtime,
	};

	return blocks_begins(owner) && owner != block ? declared_add(&new)
						      : -EINVAL;
}

int declare_part(uintptr_t block, uintptr_t owner)
{
	return add_part(block, owner, block, 0);
}

int declare_part_leaf(uintptr_t block, uintptr_t owner)
{
	return add_part(block, owner, block, DECLARED_LEAF);
}

int declare_part_apart(uintptr_t block, uintptr_t owner)
{
	return add_part(block, owner, block, DECLARED_APART);
}

int declare_part_object(uintptr_t block, uintptr_t owner, uintptr_t at,
			bool listed)
{
	return add_part(block, owner, at,
			DECLARED_EXACT | (listed ? DECLARED_LISTED : 0));
}

int declare_part_loose(uintptr_t block, uintptr_t owner)
{
	return add_part(block, owner, block, DECLARED_APART | DECLARED_LOOSE);
}

/* Finds the block in which a link lies: the object, or a part. */
static uintptr_t holder_of(uintptr_t from, uintptr_t at)
{
	uintptr_t block;

	if (at >= told.block && at < told.end)
		return told.block;
	block = at - from < blocks_size(from) ? from : blocks_find(at);
	if (block == BLOCK_NONE || (block != from && !declared_is_added(block)))
		return BLOCK_NONE;
	told.block = block;
	told.end = block + blocks_size(block);
	return block;
}

int declare_link(uintptr_t from, uintptr_t at, uintptr_t to)
{
	uintptr_t target = blocks_find(to), holder;

	if (target == BLOCK_NONE || !blocks_begins(from))
		return 0;
	holder = at ? holder_of(from, at) : BLOCK_NONE;
	if (holder == BLOCK_NONE || at - holder >= LINK_UNKNOWN)
		return links_add(from, LINK_UNKNOWN, target);
	return links_add(holder, (uint32_t)(at - holder), target);
}

int declare_halves(uintptr_t block)
{
	struct declared new = {
		.block = block,
		.flags = DECLARED_PLAIN | DECLARED_HALVES,
	};

	return declared_add(&new);
}

int declare_weak(uintptr_t low, uintptr_t high)
{
	return unowned_add(UNOWNED_WEAK, low, high);
}

int declare_borrowed(uintptr_t low, uintptr_t high)
{
	return unowned_add(UNOWNED_BORROWED, low, high);
}

/* Blocks that are not declared themselves get a number, too. */
static int add_plain(uintptr_t block)
{
	struct declared new = {.block = block, .flags = DECLARED_PLAIN};
	int err = declared_is_added(block) ? 0 : declared_add(&new);

	return err == -ENOMEM ? err : 0;
}

int declare_end(struct arena *arena)
{
	int err;

	unowned_sort();
	undecided_sort();
	if (!declared_added() && !links_added())
		return 0;
	err = links_ends(add_plain);
	if (!err)
		err = declared_owners(add_plain);
	if (!err)
		err = declared_number(arena);
	if (!err)
		err = links_sort(arena);
	declared_exist = !err;
	return err;
}

void declare_live(uintptr_t block)
{
	struct place place = blocks_place(block);

	place.cell->strong |= place.bit;
}
