/*
 * What calls of unmodified binaries show of objects: who took references and
 * who gave them back. Calls inside the library are not seen. So these objects
 * are known, with their stacks, but not counted. Where macros count an object,
 * they know better, and nothing is noted here. Any thread, inside the guard.
 */
#include "heap/heap.h"
#include "refs/refs.h"
#include "refs/refs_block.h"
#include "refs/refs_entry.h"
#include "refs/refs_object.h"
#include "refs/refs_table.h"

/* Makes the record of an object in a block, and puts it on the block's chain.
 * made_by took the first reference. */
static void make(uintptr_t p, uintptr_t block, uint32_t made_by)
{
	struct ref_shard *shard;
	struct ref_object *object;
	bool fresh;

	object = refs_object_record(p, block, &shard, &fresh);
	if (!object)
		return;
	if (fresh) {
		object->born = refs_now();
		refs_entry_acquire(shard, object, made_by);
	}
	shard_drop(shard);
	if (fresh)
		refs_chain_object(object);
}

/* The object that calls are noted for, with its shard taken. NULL: macros count
 * it, or it is in no block. */
static struct ref_object *take(uintptr_t p, struct ref_shard **shard)
{
	struct ref_object *object = refs_object_find(p, shard);
	uintptr_t block;
	uint32_t made_by;

	if (!object) {
		block = heap_shadow((const void *)p);
		if (!block || !refs_place(p, &block, &made_by))
			return NULL;
		make(p, block, made_by);
		object = refs_object_find(p, shard);
	}
	if (!object || !object->counted)
		return object;
	shard_drop(*shard);
	return NULL;
}

void refs_seen_ref(uintptr_t p, uint32_t stack)
{
	struct ref_shard *shard;
	struct ref_object *object = take(p, &shard);

	if (!object)
		return;
	refs_entry_acquire(shard, object, stack);
	shard_drop(shard);
}

void refs_seen_unref(uintptr_t p, uint32_t stack)
{
	struct ref_shard *shard;
	struct ref_object *object = take(p, &shard);

	if (!object)
		return;
	refs_entry_release(shard, object, stack);
	shard_drop(shard);
}

/* Memory that the library keeps may become another object: what was known of
 * the last one is void. */
void refs_seen_new(uintptr_t p, const char *type, uint32_t stack)
{
	struct ref_shard *shard;
	struct ref_object *object = take(p, &shard);

	if (!object)
		return;
	refs_entries_drop(shard, object);
	object->born = refs_now();
	if (type)
		object->type = type;
	refs_entry_acquire(shard, object, stack);
	shard_drop(shard);
}
