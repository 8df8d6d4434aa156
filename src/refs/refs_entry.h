/*
 * The entries of an object: for each stack, how often it took a reference and
 * how often it gave one back. With the object's shard taken.
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
/* Drops entries that are balanced in themselves: they mean nothing. */
void refs_entries_sweep(struct ref_shard *shard, struct ref_object *object);
/* Drops all. */
void refs_entries_drop(struct ref_shard *shard, struct ref_object *object);

#endif
