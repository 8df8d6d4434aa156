/*
 * See depot_node.h. Chunks are mapped in runs, each as long as all before it,
 * so that the address space is never much more than what is used. Long runs are
 * in huge pages, since nodes are read in no order.
 */
#include <sys/mman.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/sys.h"
#include "stack/depot_node.h"

#define CHUNK_BYTES (DEPOT_CHUNK_NODES * sizeof(struct depot_node))
#define RUN_MAX 128u /* chunks: 6 MiB */

struct depot_node *depot_chunks[DEPOT_CHUNKS] LARGE;
static uint32_t last;
static uint32_t dropped; /* a node that nobody has seen, or 0 */

uint32_t depot_node_last(void)
{
	return __atomic_load_n(&last, __ATOMIC_RELAXED);
}

bool depot_node_may_be(uint32_t id)
{
	return id < DEPOT_IDS && !(depot_refuses && depot_refuses(id));
}

/* How many chunks are missing from this one on, within its run. */
static uint32_t run_length(uint32_t chunk)
{
	uint32_t n = 1, i;

	while (n < RUN_MAX && n * 2 <= chunk && chunk % (n * 2) == 0)
		n *= 2;
	for (i = 1; i < n; i++)
		if (depot_chunks[chunk + i])
			return 1;
	return n;
}

static void *run_map(uint32_t n)
{
	void *run = arena_map(n * CHUNK_BYTES);

	if (run && n == RUN_MAX)
		sys(SYS_madvise, run, n * CHUNK_BYTES, MADV_HUGEPAGE);
	return run;
}

/* Two threads may do this at once: each may give some of the chunks. */
static bool run_make(uint32_t chunk)
{
	uint32_t n = run_length(chunk), i;
	struct depot_node *run = run_map(n), *none;
	bool used = false;

	if (!run && n > 1)
		run = run_map(n = 1);
	if (!run)
		return false;
	for (i = 0; i < n; i++) {
		none = NULL;
		used |= __atomic_compare_exchange_n(
			&depot_chunks[chunk + i], &none,
			run + i * DEPOT_CHUNK_NODES, false, __ATOMIC_ACQ_REL,
			__ATOMIC_ACQUIRE);
	}
	if (!used)
		arena_unmap(run, n * CHUNK_BYTES);
	return true;
}

/* The count moves only to nodes that are mapped. DEPOT_UNKNOWN is no node. */
static uint32_t id_next(void)
{
	uint32_t id = depot_node_last(), next;

	do {
		next = id < DEPOT_UNKNOWN ? DEPOT_UNKNOWN + 1 : id + 1;
		if (!depot_node_may_be(next))
			return 0;
		if (!__atomic_load_n(&depot_chunks[next >> DEPOT_CHUNK_BITS],
				     __ATOMIC_ACQUIRE) &&
		    !run_make(next >> DEPOT_CHUNK_BITS))
			return 0;
	} while (!__atomic_compare_exchange_n(
		&last, &id, next, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return next;
}

uint32_t depot_node_new(uint64_t key, uint32_t parent)
{
	uint32_t id = __atomic_exchange_n(&dropped, 0, __ATOMIC_ACQUIRE);
	struct depot_node *node;

	if (!id)
		id = id_next();
	if (!id)
		return 0;
	node = depot_node(id);
	memcpy(node->key, &key, sizeof key);
	node->parent = parent;
	return id;
}

void depot_node_drop(uint32_t id)
{
	__atomic_store_n(&dropped, id, __ATOMIC_RELEASE);
}

void depot_node_stop(void)
{
	uint32_t i;

	/* only the first chunk of a run is in the registry */
	for (i = 0; i < DEPOT_CHUNKS; i++)
		arena_unmap_at(depot_chunks[i]);
}
