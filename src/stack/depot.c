/*
 * The stack depot: a tree of frames, found by (parent, address, module). Any
 * thread, also in signal handlers. There are no locks, and nodes are never
 * freed: an id that was returned is good for ever.
 */
#include "base/likely.h"
#include "stack/depot.h"
#include "stack/depot_node.h"
#include "stack/depot_table.h"

#define FOLD_DEPTH 8
#define PC_BITS 48

static bool lacking;

/* The ancestor of parent, or parent itself, into which key folds; or 0. */
static uint32_t fold(uint32_t parent, uint64_t key)
{
	for (int i = 0; parent && i < FOLD_DEPTH; i++) {
		const struct depot_node *node = depot_node(parent);

		if (depot_node_key(node) == key)
			return parent;
		parent = node->parent;
	}
	return 0;
}

static uint32_t unknown(void)
{
	__atomic_store_n(&lacking, true, __ATOMIC_RELAXED);
	return DEPOT_UNKNOWN;
}

uint32_t depot_child(uint32_t parent, uintptr_t pc, uint32_t module)
{
	uint64_t key = (pc & ((1ull << PC_BITS) - 1)) | (uint64_t)module
								<< PC_BITS;
	uint32_t found;

	if (unlikely(parent == DEPOT_UNKNOWN))
		return DEPOT_UNKNOWN;
	found = fold(parent, key);
	if (!found)
		found = depot_table_add(key, parent);
	return likely(found) ? found : unknown();
}

struct depot_frame depot_frame(uint32_t id)
{
	const struct depot_node *node;
	uint64_t key;

	if (id == DEPOT_UNKNOWN)
		return (struct depot_frame){0};
	node = depot_node(id);
	key = depot_node_key(node);
	return (struct depot_frame){
		.pc = key & ((1ull << PC_BITS) - 1),
		.module = key >> PC_BITS,
		.parent = node->parent,
	};
}

uint32_t depot_count(void)
{
	uint32_t last = depot_node_last();

	return !last && lacking ? DEPOT_UNKNOWN : last;
}

enum depot_lack depot_lack(void)
{
	if (!lacking)
		return DEPOT_LACKS_NOTHING;
	return depot_node_may_be(depot_node_last() + 1) ? DEPOT_LACKS_MEMORY
							: DEPOT_LACKS_IDS;
}

#ifdef GORDIAN_DEBUG
bool depot_is_valid(void)
{
	return depot_table_is_valid();
}
#endif
