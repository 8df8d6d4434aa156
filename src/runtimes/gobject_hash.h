/*
 * Reading a GHashTable of the frozen memory.
 *
 * Snapshot child only.
 */
#ifndef GOBJECT_HASH_H
#define GOBJECT_HASH_H

#include <stdbool.h>
#include <stdint.h>

struct gobject_hash {
	uint32_t n; /* places, most of them unused */
	uint32_t key_size, value_size;
	uint32_t keys_at;	       /* where their address is in the block */
	uint64_t keys, hashes, values; /* addresses of arrays */
	uint64_t hash, equal;	       /* functions; equal may be NULL */
};

/* Reads the table that a block is. False: it is none. */
bool gobject_hash_read(uintptr_t block, struct gobject_hash *out);

struct gobject_pair {
	uint64_t key, value;
	uint64_t key_at, value_at, hash_at; /* where they stand */
	uint32_t hash;
};
/* Reads the pair in a place; false: there is none. */
bool gobject_hash_pair(const struct gobject_hash *table, uint32_t place,
		       struct gobject_pair *out);

#endif
