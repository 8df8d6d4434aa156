/*
 * The stack depot: a tree of frames, found by hash of (parent, address,
 * module). Any thread, also in signal handlers: no locks, nodes are never
 * freed, so an id is good for ever once it has been returned.
 */
#include <stddef.h>
#include "arena.h"
#include "depot.h"

#define BUCKETS (1u << 20)
#define CHUNK_BITS 16
#define CHUNK_NODES (1u << CHUNK_BITS)
#define CHUNKS (1u << (DEPOT_ID_BITS - CHUNK_BITS))
#define FOLD_DEPTH 8
#define PC_BITS 48

struct node {
	uint64_t key; /* pc in the low PC_BITS, module above */
	uint32_t parent;
	uint32_t next; /* in the bucket's chain */
};

static struct node *chunks[CHUNKS];
static uint32_t *buckets;
static uint32_t last_id;
static uint32_t spare; /* a node whose insertion lost the race, or 0 */

/* The mapping that *slot points to, made by whoever comes first. */
static void *map_once(void *slot, size_t bytes)
{
	void **at = slot;
	void *there = __atomic_load_n(at, __ATOMIC_ACQUIRE);
	void *made;

	if (there)
		return there;
	made = arena_map(bytes);
	if (!made)
		return NULL;
	if (__atomic_compare_exchange_n(at, &there, made, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	arena_unmap(made, bytes);
	return there;
}

static struct node *node_at(uint32_t id)
{
	struct node *chunk;

	chunk = __atomic_load_n(&chunks[id >> CHUNK_BITS], __ATOMIC_ACQUIRE);
	return &chunk[id & (CHUNK_NODES - 1)];
}

/* An unused id whose node is mapped, or 0. */
static uint32_t node_new(void)
{
	uint32_t id = __atomic_exchange_n(&spare, 0, __ATOMIC_ACQUIRE);

	if (id)
		return id;
	if (depot_count() >= CHUNKS * CHUNK_NODES - 1)
		return 0;
	id = __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED);
	if (id >= CHUNKS * CHUNK_NODES ||
	    !map_once(&chunks[id >> CHUNK_BITS],
		      CHUNK_NODES * sizeof(struct node)))
		return 0;
	return id;
}

static uint32_t hash(uint64_t key, uint32_t parent)
{
	uint64_t h =
		(key ^ (uint64_t)parent << 32 ^ parent) * 0x9e3779b97f4a7c15u;

	h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
	return h >> 40 & (BUCKETS - 1);
}

/* Searches the chain from id up to, not including, stop. */
static uint32_t chain_find(uint32_t id, uint32_t stop, uint64_t key,
			   uint32_t parent)
{
	while (id != stop) {
		const struct node *node = node_at(id);

		if (node->key == key && node->parent == parent)
			return id;
		id = node->next;
	}
	return 0;
}

static uint32_t insert(uint32_t *bucket, uint32_t head, uint64_t key,
		       uint32_t parent)
{
	uint32_t id = node_new(), seen, found;

	if (!id)
		return parent;
	node_at(id)->key = key;
	node_at(id)->parent = parent;
	for (;;) {
		seen = head;
		node_at(id)->next = head;
		if (__atomic_compare_exchange_n(bucket, &head, id, false,
						__ATOMIC_RELEASE,
						__ATOMIC_ACQUIRE))
			return id;
		/* Others came first: perhaps with the same frame. */
		found = chain_find(head, seen, key, parent);
		if (found) {
			__atomic_store_n(&spare, id, __ATOMIC_RELEASE);
			return found;
		}
	}
}

/* The ancestor of parent, itself included, that key folds into, or 0. */
static uint32_t fold(uint32_t parent, uint64_t key)
{
	for (int i = 0; parent && i < FOLD_DEPTH; i++) {
		const struct node *node = node_at(parent);

		if (node->key == key)
			return parent;
		parent = node->parent;
	}
	return 0;
}

uint32_t depot_child(uint32_t parent, uintptr_t pc, uint32_t module)
{
	uint64_t key = (pc & ((1ull << PC_BITS) - 1)) | (uint64_t)module
								<< PC_BITS;
	uint32_t *table = map_once(&buckets, BUCKETS * sizeof(*buckets));
	uint32_t *bucket, head, found;

	if (!table)
		return parent;
	found = fold(parent, key);
	if (found)
		return found;
	bucket = &table[hash(key, parent)];
	head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
	found = chain_find(head, 0, key, parent);
	return found ? found : insert(bucket, head, key, parent);
}

struct depot_frame depot_frame(uint32_t id)
{
	const struct node *node = node_at(id);

	return (struct depot_frame){
		.pc = node->key & ((1ull << PC_BITS) - 1),
		.module = node->key >> PC_BITS,
		.parent = node->parent,
	};
}

uint32_t depot_count(void)
{
	return __atomic_load_n(&last_id, __ATOMIC_RELAXED);
}

static bool chain_is_valid(uint32_t bucket)
{
	for (uint32_t id = buckets[bucket]; id; id = node_at(id)->next) {
		const struct node *node = node_at(id);

		if (id > depot_count() || node->parent > depot_count() ||
		    node->parent == id ||
		    hash(node->key, node->parent) != bucket ||
		    chain_find(buckets[bucket], 0, node->key, node->parent) !=
			    id)
			return false;
	}
	return true;
}

bool depot_is_valid(void)
{
	for (uint32_t i = 0; buckets && i < BUCKETS; i++)
		if (!chain_is_valid(i))
			return false;
	return true;
}
