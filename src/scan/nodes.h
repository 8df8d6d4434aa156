/*
 * The blocks that marking has not reached, as nodes of a graph. A node's number
 * is how many of them begin before it.
 */
#ifndef NODES_H
#define NODES_H

#include "base/arena.h"
#include "base/bits.h"
#include "graph/graph.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/scanned.h"
#include "scan/sheet.h"

static inline uint64_t cell_nodes(const struct cell *cell)
{
	return cell->begins & ~cell->strong;
}

static inline uint32_t node_at(const struct cell *cell, uint64_t bit)
{
	uint64_t nodes = cell_nodes(cell);

	if (!(nodes & bit))
		return NODE_NONE;
	return cell->nodes + count_bits(nodes & (bit - 1));
}

/* Calls visit for the block of each node, in order. visit may take the block
 * out of the nodes. */
typedef void node_fn(uintptr_t block, struct place place, void *data);
static inline __attribute__((always_inline)) void nodes_each(node_fn *visit,
							     void *data)
{
	uint32_t i, k;

	for (i = 0; i < blocks_sheets_n; i++) {
		struct sheet *sheet = blocks_sheets[i];

		for (k = 0; k < sheet_cells(sheet); k++) {
			struct cell *cell = &sheet->cell[k];
			uint64_t bits = cell_nodes(cell);

			for (; bits; bits &= bits - 1)
				visit(cell_address(sheet, k,
						   __builtin_ctzl(bits)),
				      (struct place){cell, bits & -bits}, data);
		}
	}
}

/* The node of a block that is in the graph, or NODE_NONE. */
uint32_t nodes_find(uintptr_t block);
uintptr_t nodes_block(uint32_t node);
/* Numbers the nodes; how many there are. Call it again when some were taken
 * out. */
uint32_t nodes_number(void);
/* Fills what the graph says of each node. 0 or -ENOMEM. */
int nodes_build(uint32_t n, struct scan *scan, struct arena *arena)
	__attribute__((warn_unused_result));

#endif
