/*
 * The tables under refs.h: objects, slots, and the blocks in which they lie,
 * each by its address, in shards. Records are never given back to the kernel,
 * so even one that is used against the rules is still a record.
 */
#ifndef REFS_TABLE_H
#define REFS_TABLE_H

#include "base/lock.h"
#include "refs/refs.h"

enum refs_kind { REFS_OBJECTS, REFS_SLOTS, REFS_BLOCKS, REFS_KINDS };

/* The beginning of ref_object, ref_slot and ref_block. */
struct ref_node {
	uintptr_t at;
	struct ref_node *next;
} __attribute__((may_alias));

/* A block that carries records of ours. */
struct ref_block {
	uintptr_t at;
	struct ref_block *next;
	struct ref_object *objects;
	struct ref_slot *slots;
	bool is_pool;  /* others were carved from it */
	uintptr_t end; /* end of the block that began here before; or 0 */
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

/* For rare things that are in no shard. No latch held. */
extern struct lock refs_lock;

/* The shard of an address, with its latch taken. NULL when there are no tables,
 * or when this thread was interrupted with that very latch. */
struct ref_shard *shard_take(uintptr_t at) __attribute__((warn_unused_result));
void shard_drop(struct ref_shard *shard);

/* All below with the latch held. find, make: NULL when there is no such record
 * or no memory. A new record is zeroed but for its address. */
void *table_find(const struct ref_shard *shard, enum refs_kind kind,
		 uintptr_t at);
void *table_make(struct ref_shard *shard, enum refs_kind kind, uintptr_t at);
/* Puts back a record that was taken out (`at` has changed). False when another
 * is in its place or memory is short. */
bool table_insert(struct ref_shard *shard, enum refs_kind kind, void *record);
/* Takes a record out. table_recycle() gives up its memory. */
void table_remove(struct ref_shard *shard, enum refs_kind kind, void *record);
void table_recycle(struct ref_shard *shard, enum refs_kind kind, void *record);
void *shard_alloc(struct ref_shard *shard, size_t bytes);
/* All shards, frozen or under their latches. */
struct ref_shard *shards_all(uint32_t *n);

/* A time stamp that counts up with real time, alike on all processors.
 * Never 0. */
static inline uint64_t refs_now(void)
{
	return __builtin_ia32_rdtsc() | 1;
}

#endif
