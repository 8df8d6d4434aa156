/*
 * The entries of an object: for each stack, how often it took a reference and
 * gave one back. With the shard of the object.
 */
#ifndef REFS_ENTRY_H
#define REFS_ENTRY_H

#include "refs/refs.h"
#include "refs/refs_table.h"

struct ref_entry *refs_entry_find(struct ref_object *object, uint32_t stack);
void refs_entry_acquire(struct ref_shard *shard, struct ref_object *object,
			uint32_t stack);
void refs_entry_release(struct ref_shard *shard, struct ref_object *object,
			uint32_t stack);
/* Takes back an acquire of that stack; false when there is none. */
bool refs_entry_take_out(struct ref_object *object, uint32_t stack);
/* Entries that are balanced in themselves mean nothing any more. */
void refs_entries_sweep(struct ref_shard *shard, struct ref_object *object);

#endif
