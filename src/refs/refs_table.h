/*
 * The tables under refs.h: objects, slots, and the blocks that they lie in,
 * each by its address, in shards. Records are never given back to the kernel,
 * so that one which is used against the rules is still a record.
 */
#ifndef REFS_TABLE_H
#define REFS_TABLE_H

#include "base/lock.h"
#include "refs/refs.h"

enum refs_kind { REFS_OBJECTS, REFS_SLOTS, REFS_BLOCKS, REFS_KINDS };

/* How ref_object, ref_slot and ref_block begin. */
struct ref_node {
	uintptr_t at;
	struct ref_node *next;
} __attribute__((may_alias));

/* What carries records of ours. */
struct ref_block {
	uintptr_t at;
	struct ref_block *next;
	struct ref_object *objects;
	struct ref_slot *slots;
	bool is_pool;  /* others were carved from it */
	uintptr_t end; /* of the block that began here before; or 0 */
	uint64_t word; /* its record, to be put back */
};

struct ref_table {
	struct ref_node **bucket;
	uint32_t size, n; /* size: a power of two, or 0 */
	struct ref_node *unused;
};

struct ref_shard {
	struct latch latch;
	struct ref_table table[REFS_KINDS];
	struct ref_entry *unused_entries;
	char *piece, *piece_end; /* memory to cut records from */
} __attribute__((aligned(64)));

/* For what is rare and is in no shard. No latch held. */
extern struct lock refs_lock;

/* The shard of an address, its latch taken; NULL when there are no tables, or
 * this thread was interrupted with that very latch. */
struct ref_shard *shard_take(uintptr_t at) __attribute__((warn_unused_result));
void shard_drop(struct ref_shard *shard);

/* All below with the latch. find, make: NULL when there is none, or no memory;
 * a new record is zeroed but for its address. */
void *table_find(const struct ref_shard *shard, enum refs_kind kind,
		 uintptr_t at);
void *table_make(struct ref_shard *shard, enum refs_kind kind, uintptr_t at);
/* Puts a record back that was taken out (at has changed); false when another
 * is in its place, or no memory. */
bool table_insert(struct ref_shard *shard, enum refs_kind kind, void *record);
/* Takes it out; table_recycle() gives up its memory. */
void table_remove(struct ref_shard *shard, enum refs_kind kind, void *record);
void table_recycle(struct ref_shard *shard, enum refs_kind kind, void *record);
void *shard_alloc(struct ref_shard *shard, size_t bytes);
/* The frozen tables, or whole ones under the latches. */
struct ref_shard *shards_all(uint32_t *n);

/* Counts up with real time, on all processors alike, never 0. */
static inline uint64_t refs_now(void)
{
	return __builtin_ia32_rdtsc() | 1;
}

#endif
