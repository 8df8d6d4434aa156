/*
 * Slots: which fields hold counted references, and which never do. Inside the
 * guard, or in a handler that interrupted it.
 */
#include "base/names.h"
#include "refs/refs.h"
#include "refs/refs_block.h"
#include "refs/refs_object.h"
#include "refs/refs_table.h"

const char refs_bad_unlink[] = "an unlink of a field that holds no link";

/* The slot, with its shard taken. It is made when it is missing. NULL in freed
 * memory (which is told) or when memory is short. */
static struct ref_slot *slot_make(uintptr_t owner, uintptr_t at, uint32_t stack,
				  struct ref_shard **shard)
{
	uintptr_t block = 0;
	struct ref_slot *slot;
	uint32_t made_by;
	bool fresh;

	if (!refs_place(at, &block, &made_by) ||
	    (!block && owner && !refs_place(owner, &block, &made_by))) {
		refs_misuse("a field in freed memory", at, stack);
		return NULL;
	}
	*shard = shard_take(at);
	if (!*shard)
		return NULL;
	slot = table_find(*shard, REFS_SLOTS, at);
	fresh = !slot;
	if (fresh)
		slot = table_make(*shard, REFS_SLOTS, at);
	if (slot && fresh)
		slot->block = block;
	shard_drop(*shard);
	if (slot && fresh)
		refs_chain_slot(slot);
	*shard = shard_take(at);
	return *shard ? table_find(*shard, REFS_SLOTS, at) : NULL;
}

static struct ref_slot *slot_find(uintptr_t at, struct ref_shard **shard)
{
	struct ref_slot *slot;

	*shard = shard_take(at);
	if (!*shard)
		return NULL;
	slot = table_find(*shard, REFS_SLOTS, at);
	if (!slot)
		shard_drop(*shard);
	return slot;
}

static struct ref_slot *slot_take(uintptr_t owner, uintptr_t at, uint32_t stack,
				  struct ref_shard **shard)
{
	struct ref_slot *slot = slot_find(at, shard);

	return slot ? slot : slot_make(owner, at, stack, shard);
}

/* Fields on stacks and in static memory come and go untold, so nothing is kept
 * of them. */
static void slot_unuse(struct ref_shard *shard, struct ref_slot *slot)
{
	slot->flags &= ~(uint32_t)SLOT_LINK;
	slot->target = 0;
	if (slot->block || slot->clear || slot->flags)
		return;
	table_remove(shard, REFS_SLOTS, slot);
	table_recycle(shard, REFS_SLOTS, slot);
}

bool refs_unlink(uintptr_t at)
{
	struct ref_shard *shard;
	struct ref_slot *slot = at ? slot_find(at, &shard) : NULL;
	uintptr_t target;
	uint32_t acquire;

	if (!slot)
		return !at;
	target = slot->flags & SLOT_LINK ? slot->target : 0;
	acquire = slot->acquire;
	if (target)
		slot_unuse(shard, slot);
	shard_drop(shard);
	if (target)
		refs_let_go(target, acquire);
	return target != 0;
}

/* Finds who took the reference that a link to target holds. False in freed
 * memory. */
static bool target_acquire(uintptr_t target, uint32_t stack, uint32_t *acquire)
{
	struct ref_object *object;
	struct ref_shard *shard;
	bool freed;

	*acquire = 0;
	object = refs_object_take(target, stack, &shard, &freed);
	if (freed)
		refs_misuse("a link to freed memory", target, stack);
	if (!object)
		return !freed;
	*acquire = refs_acquired(object);
	shard_drop(shard);
	return true;
}

void refs_link(uintptr_t owner, uintptr_t at, const char *field,
	       uintptr_t target, uint32_t stack)
{
	const char *name = name_intern(field);
	struct ref_shard *shard;
	struct ref_slot *slot;
	uintptr_t old;
	uint32_t acquire, old_acquire;

	if (!at || !owner)
		return;
	if (!target || !target_acquire(target, stack, &acquire)) {
		(void)!refs_unlink(at);
		return;
	}
	slot = slot_take(owner, at, stack, &shard);
	if (!slot)
		return;
	old = slot->flags & SLOT_LINK ? slot->target : 0;
	old_acquire = slot->acquire;
	slot->owner = owner;
	slot->target = target;
	slot->field = name;
	slot->stack = stack;
	slot->acquire = acquire;
	slot->flags = SLOT_LINK;
	slot->time = refs_now();
	shard_drop(shard);
	if (old && old != target)
		refs_let_go(old, old_acquire);
}

/* A field on a stack is soon another one's, which may hold a reference. */
void refs_weak(uintptr_t owner, uintptr_t at, const char *field, uint32_t stack)
{
	const char *name = name_intern(field);
	struct ref_shard *shard;
	struct ref_slot *slot = at ? slot_take(owner, at, stack, &shard) : NULL;

	if (!slot)
		return;
	slot->owner = owner;
	slot->target = 0;
	slot->field = name;
	slot->flags = SLOT_WEAK;
	slot->time = refs_now();
	if (!slot->block && refs_is_on_stack(at)) {
		slot->flags = 0;
		slot_unuse(shard, slot);
	}
	shard_drop(shard);
}

void refs_breakable(uintptr_t owner, uintptr_t at, const char *field,
		    void (*clear)(void *), uint32_t stack)
{
	const char *name = name_intern(field);
	struct ref_shard *shard;
	struct ref_slot *slot = at ? slot_take(owner, at, stack, &shard) : NULL;

	if (!slot)
		return;
	slot->owner = owner;
	slot->field = name;
	slot->clear = clear;
	shard_drop(shard);
}
