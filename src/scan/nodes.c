/*
 * See nodes.h. Snapshot child only.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/bits.h"
#include "base/likely.h"
#include "base/list.h"
#include "graph/graph.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "refs/refs.h"
#include "scan/apart.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/candidates.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/judged.h"
#include "scan/nodes.h"
#include "scan/scanned.h"
#include "scan/sheet.h"

uint32_t nodes_find(uintptr_t block)
{
	struct place place;

	if (block == BLOCK_NONE)
		return NODE_NONE;
	place = blocks_place(block);
	return node_at(place.cell, place.bit);
}

uintptr_t nodes_block(uint32_t node)
{
	uint32_t low = 0, high = blocks_sheets_n, i;
	const struct sheet *sheet;
	uint64_t nodes;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (blocks_sheets[mid]->nodes <= node)
			low = mid + 1;
		else
			high = mid;
	}
	sheet = blocks_sheets[low - 1];
	i = sheet_cells(sheet) - 1;
	while (sheet->cell[i].nodes > node)
		i--;
	nodes = cell_nodes(&sheet->cell[i]);
	for (node -= sheet->cell[i].nodes; node; node--)
		nodes &= nodes - 1;
	return cell_address(sheet, i, __builtin_ctzl(nodes));
}

uint32_t nodes_number(void)
{
	uint32_t i, k, n = 0;

	for (i = 0; i < blocks_sheets_n; i++) {
		struct sheet *sheet = blocks_sheets[i];

		sheet->nodes = n;
		for (k = 0; k < sheet_cells(sheet); k++) {
			sheet->cell[k].nodes = n;
			n += count_bits(cell_nodes(&sheet->cell[k]));
		}
	}
	return n;
}

struct nodes {
	uint32_t n;
	bool told; /* macros were used, or runtimes are there */
	uint32_t *size;
	struct list large;
	bool failed;
	uint32_t *stack;
	uint8_t *epoch, *flags;
	int64_t *count;
};

static uint8_t flags_of(uintptr_t block)
{
	return (declared_exist ? judged_flags(block) : 0) |
	       (counts_links_itself(block) ? NODE_SELF : 0) |
	       (candidate_is_dead(block) ? NODE_DEAD : 0);
}

/* The trial has explained every count of what is dead. */
static int64_t count_of(uintptr_t block, uint8_t flags)
{
	int64_t count = flags & NODE_DEAD ? -1 : counts_of(block);

	if (flags & NODE_UNDECIDED)
		return judged_words(block);
	if (count < 0 && declared_exist)
		count = judged_count(block);
	return count;
}

static void add_large(struct nodes *nodes, uint32_t node, uint64_t size)
{
	struct graph_large large = {size, node};

	if (!list_add(&nodes->large, &large, sizeof large))
		nodes->failed = true;
}

static inline void add_node(uintptr_t block, struct place place, void *data)
{
	struct nodes *nodes = data;
	struct heap_word word = blocks_word(block);
	uint64_t size = heap_size(block, word);
	uint32_t i = nodes->n++;
	uint8_t flags = nodes->told ? flags_of(block) : 0;

	if (apart_has(block))
		flags = NODE_SUSPECT | NODE_UNDECIDED;
	else if (!(flags & NODE_DEAD) && place.cell->weak & place.bit)
		flags |= NODE_SUSPECT;
	nodes->size[i] = size < SIZE_LARGE ? size : SIZE_LARGE;
	if (unlikely(size >= SIZE_LARGE))
		add_large(nodes, i, size);
	nodes->epoch[i] = heap_epoch(word);
	nodes->stack[i] = heap_stack(word);
	nodes->flags[i] = flags;
	if (nodes->count)
		nodes->count[i] = count_of(block, flags);
}

int nodes_build(uint32_t n, struct scan *scan, struct arena *arena)
{
	struct graph *graph = &scan->graph;
	struct nodes nodes = {
		.told = refs_objects_n() || counts_has_slots() ||
			declared_exist,
		.size = arena_array(arena, n + 1, sizeof *nodes.size),
		.stack = arena_array(arena, n + 1, sizeof *nodes.stack),
		.epoch = arena_array(arena, n + 1, sizeof *nodes.epoch),
		.flags = arena_array(arena, n + 1, sizeof *nodes.flags),
	};

	if (refs_objects_n() || declared_exist)
		nodes.count = arena_array(arena, n + 1, sizeof *nodes.count);
	if (!nodes.size || !nodes.stack || !nodes.epoch || !nodes.flags ||
	    ((refs_objects_n() || declared_exist) && !nodes.count))
		return -ENOMEM;
	nodes_each(add_node, &nodes);
	graph->n = n;
	graph->size = nodes.size;
	graph->large = nodes.large.list;
	scan->node_stack = nodes.stack;
	graph->epoch = nodes.epoch;
	graph->flags = nodes.flags;
	graph->count = nodes.count;
	return nodes.failed ? -ENOMEM : 0;
}
