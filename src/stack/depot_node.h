/*
 * The nodes of the depot by id, 12 bytes each. They never move and are never
 * freed. Any thread, any signal handler, no locks.
 */
#ifndef DEPOT_NODE_H
#define DEPOT_NODE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DEPOT_ID_BITS 26
/* A stack without a node, since there was no memory or no id for one. Every
 * stack that continues it is this one, too. Its frame and its parent are 0. */
#define DEPOT_UNKNOWN 1u
#define DEPOT_IDS (1u << DEPOT_ID_BITS)
#define DEPOT_CHUNK_BITS 12
#define DEPOT_CHUNK_NODES (1u << DEPOT_CHUNK_BITS)
#define DEPOT_CHUNKS (DEPOT_IDS >> DEPOT_CHUNK_BITS)

struct depot_node {
	uint32_t key[2]; /* one number: pc in the low bits, the module above */
	uint32_t parent;
};
extern struct depot_node *depot_chunks[DEPOT_CHUNKS]
	__attribute__((visibility("hidden")));

static inline struct depot_node *depot_node(uint32_t id)
{
	struct depot_node *chunk = __atomic_load_n(
		&depot_chunks[id >> DEPOT_CHUNK_BITS], __ATOMIC_ACQUIRE);

	return &chunk[id & (DEPOT_CHUNK_NODES - 1)];
}

static inline uint64_t depot_node_key(const struct depot_node *node)
{
	uint64_t key;

	memcpy(&key, node->key, sizeof key);
	return key;
}

static inline uint64_t depot_node_hash(uint64_t key, uint32_t parent)
{
	uint64_t h =
		(key ^ (uint64_t)parent << 32 ^ parent) * 0x9e3779b97f4a7c15u;

	return (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
}

/* A new node that no other thread can find yet; 0 when there can be no more. */
uint32_t depot_node_new(uint64_t key, uint32_t parent);
/* Gives back a node that no other thread has found. */
void depot_node_drop(uint32_t id);
bool depot_node_may_be(uint32_t id);
/* The last id that was given, even if its node was dropped; 0: none yet. */
uint32_t depot_node_last(void);
/* Gives all nodes back. No id may be used afterwards. */
void depot_node_stop(void);

/* Defined by tests alone: true refuses that id. */
bool depot_refuses(uint32_t id) __attribute__((weak, visibility("hidden")));

#endif
