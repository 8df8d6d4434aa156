/*
 * See lone.h. Snapshot child only.
 */
#include "base/arena.h"
#include "base/bits.h"
#include "graph/graph.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "refs/refs.h"
#include "scan/apart.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/lone.h"
#include "scan/nodes.h"
#include "scan/scanned.h"
#include "stack/depot.h"

uintptr_t lone_asked;

static struct taking {
	struct lone *of; /* by stack */
	uint64_t *linked;
	uint32_t node, left;
} taking;

/* Whether the block stays a node: the first suspect does, and the first that is
 * none. */
static bool stays(struct lone *lone, bool suspect)
{
	uint32_t bit = suspect ? 2 : 1;
	bool first = !(lone->shown & bit);

	lone->shown |= bit;
	return first;
}

static bool is_declared(uintptr_t block)
{
	return declared_exist && declared_find(block) != DECLARED_NONE;
}

static bool is_asked(uintptr_t block, struct heap_word word)
{
	uint64_t size = heap_size(block, word);

	return lone_asked - block < (size ? size : 1);
}

/* A block of which macros or runtimes spoke stays a node. */
static inline void take(uintptr_t block, struct place place, void *data)
{
	uint32_t node = taking.node++;
	struct heap_word word;
	struct lone *lone;

	(void)data;
	if (bit_is_set(taking.linked, node))
		return;
	if (apart_has(block)) { /* no ring */
		place.cell->strong |= place.bit;
		taking.left--;
		return;
	}
	word = blocks_word(block);
	lone = &taking.of[heap_stack(word)];
	if (word.bits & HEAP_SHADOW || is_declared(block) ||
	    is_asked(block, word) ||
	    stays(lone, place.cell->weak & place.bit)) {
		bit_set(taking.linked, node);
		return;
	}
	lone->n++;
	lone->bytes += heap_size(block, word);
	place.cell->strong |= place.bit;
	taking.left--;
}

/* Records at odd addresses do not say that macros spoke of their blocks. */
static bool are_told(void)
{
	return (refs_objects_n() || counts_has_slots()) &&
	       (blocks_have_outer() || blocks_have_fine());
}

uint32_t lone_take(uint64_t *linked, uint32_t n, struct scan *scan)
{
	size_t stacks = depot_count() + 1ul;

	if (are_told())
		return n;
	taking = (struct taking){.linked = linked, .left = n};
	taking.of = arena_reserve(stacks * sizeof *taking.of);
	if (!taking.of)
		return 0;
	nodes_each(take, NULL);
	scan->lone = taking.of;
	return taking.left;
}
