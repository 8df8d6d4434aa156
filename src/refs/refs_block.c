/*
 * Which records lie in which block, so that they end or move with it. A record
 * is made in its own shard, then added to the chain of its block in the block's
 * shard. The thread that takes a block's chain out of the table owns what is on
 * it.
 */
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "refs/refs_block.h"
#include "refs/refs_entry.h"
#include "refs/refs_table.h"

bool refs_is_on_stack(uintptr_t p)
{
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		if (p >= t->stack_low && p < t->stack_high)
			return true;
	return false;
}

bool refs_place(uintptr_t p, uintptr_t *block, uint32_t *stack)
{
	struct heap_entry entry;

	*stack = 0;
	*block = heap_shadow((const void *)p);
	if (!*block)
		return !heap_was_block((const void *)p) || refs_is_on_stack(p);
	if (heap_find((const void *)p, &entry))
		*stack = heap_stack(entry.word);
	return true;
}

struct ref_block *refs_block_take(uintptr_t at, struct ref_shard **shard)
{
	struct ref_block *block;

	*shard = at ? shard_take(at) : NULL;
	if (!*shard)
		return NULL;
	block = table_find(*shard, REFS_BLOCKS, at);
	if (!block)
		block = table_make(*shard, REFS_BLOCKS, at);
	if (!block)
		shard_drop(*shard);
	return block;
}

void refs_chain_object(struct ref_object *object)
{
	struct ref_shard *shard;
	struct ref_block *block = refs_block_take(object->block, &shard);

	if (!block)
		return;
	object->sibling = block->objects;
	block->objects = object;
	shard_drop(shard);
}

void refs_chain_slot(struct ref_slot *slot)
{
	struct ref_shard *shard;
	struct ref_block *block = refs_block_take(slot->block, &shard);

	if (!block)
		return;
	slot->sibling = block->slots;
	block->slots = slot;
	shard_drop(shard);
}

/* Gives up what only the caller has. No latch held. */
static void drop_object(struct ref_object *object)
{
	struct ref_shard *shard = shard_take(object->at);

	if (!shard)
		return;
	refs_entries_drop(shard, object);
	table_recycle(shard, REFS_OBJECTS, object);
	shard_drop(shard);
}

static void drop_slot(struct ref_slot *slot)
{
	struct ref_shard *shard = shard_take(slot->at);

	if (!shard)
		return;
	table_recycle(shard, REFS_SLOTS, slot);
	shard_drop(shard);
}

static void node_remove(uintptr_t at, enum refs_kind kind, void *record)
{
	struct ref_shard *shard = shard_take(at);

	if (!shard)
		return;
	table_remove(shard, kind, record);
	shard_drop(shard);
}

/* high: up to here a pool may have made blocks in it; or 0. */
static struct refs_lifted lift(uintptr_t at, size_t size, uintptr_t *high)
{
	struct ref_shard *shard = shard_take(at);
	struct refs_lifted lifted = {0};
	struct ref_block *block =
		shard ? table_find(shard, REFS_BLOCKS, at) : NULL;
	struct ref_object *object;
	struct ref_slot *slot;

	*high = 0;
	if (block) {
		lifted.objects = block->objects;
		lifted.slots = block->slots;
		if (block->is_pool)
			*high = block->end ? block->end : at + size;
		table_remove(shard, REFS_BLOCKS, block);
		table_recycle(shard, REFS_BLOCKS, block);
	}
	if (shard)
		shard_drop(shard);
	for (object = lifted.objects; object; object = object->sibling)
		node_remove(object->at, REFS_OBJECTS, object);
	for (slot = lifted.slots; slot; slot = slot->sibling)
		node_remove(slot->at, REFS_SLOTS, slot);
	return lifted;
}

static void drop(struct refs_lifted lifted)
{
	struct ref_object *object;
	struct ref_slot *slot;

	while ((object = lifted.objects)) {
		lifted.objects = object->sibling;
		drop_object(object);
	}
	while ((slot = lifted.slots)) {
		lifted.slots = slot->sibling;
		drop_slot(slot);
	}
}

void refs_drop_block(uintptr_t at, size_t size)
{
	uintptr_t high;

	drop(lift(at, size, &high));
}

/* Blocks within such blocks are met as well, so there is no need to look into
 * each. */
static uint32_t end_inner(uintptr_t low, uintptr_t high)
{
	struct heap_word word;
	uint32_t n = 0;
	size_t size;

	for (; heap_erase_first(low, high, &low, &word, &size); n++)
		if (word.bits & HEAP_SHADOW)
			refs_drop_block(low, size);
	return n;
}

bool refs_pool_mapped;

uint32_t refs_unmapped(uintptr_t low, uintptr_t high)
{
	return end_inner(low, high);
}

struct refs_lifted refs_lift(uintptr_t at, size_t size)
{
	uintptr_t high;
	struct refs_lifted lifted = lift(at, size, &high);

	lifted.inner = end_inner(at, high);
	return lifted;
}

uint32_t refs_freed(uintptr_t block, size_t size)
{
	struct refs_lifted lifted = refs_lift(block, size);

	drop(lifted);
	return lifted.inner;
}

/* Puts the record into its table again; false when that cannot be. */
static bool node_insert(uintptr_t at, enum refs_kind kind, void *record)
{
	struct ref_shard *shard = shard_take(at);
	bool done = shard && table_insert(shard, kind, record);

	if (shard)
		shard_drop(shard);
	return done;
}

static void put_object(struct ref_object *object, uintptr_t from, uintptr_t to,
		       size_t size)
{
	object->at += to - from;
	object->block = to;
	if (to && object->at - to < (size ? size : 1) &&
	    node_insert(object->at, REFS_OBJECTS, object))
		refs_chain_object(object);
	else
		drop_object(object);
}

/* A slot that lies elsewhere, and is on the block's chain only for its owner,
 * keeps its place. */
static void put_slot(struct ref_slot *slot, uintptr_t from, uintptr_t to,
		     size_t old_size, size_t size)
{
	if (slot->owner - from < old_size)
		slot->owner += to - from;
	slot->block = to;
	if (slot->at - from < old_size)
		slot->at += to - from;
	if (!to || (slot->at - to < old_size && slot->at - to >= size))
		drop_slot(slot);
	else if (node_insert(slot->at, REFS_SLOTS, slot))
		refs_chain_slot(slot);
	else
		drop_slot(slot);
}

void refs_put(struct refs_lifted lifted, uintptr_t from, size_t old_size,
	      uintptr_t to, size_t size)
{
	struct ref_object *object;
	struct ref_slot *slot;

	if (to)
		heap_shadow((const void *)to);
	while ((object = lifted.objects)) {
		lifted.objects = object->sibling;
		put_object(object, from, to, size);
	}
	while ((slot = lifted.slots)) {
		lifted.slots = slot->sibling;
		put_slot(slot, from, to, old_size, size);
	}
}
