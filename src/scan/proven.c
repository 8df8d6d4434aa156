/*
 * See proven.h. The epoch tells whether a block is the same one. When epochs
 * have come to their end nothing is believed.
 */
#include "base/rows.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "scan/blocks.h"
#include "scan/candidates.h"
#include "scan/mark.h"
#include "scan/nodes.h"
#include "scan/proven.h"

static void note(uintptr_t block, struct place place, void *data)
{
	struct proven *proven = data;

	if (!(place.cell->weak & place.bit) && proven->n < PROVEN)
		proven->block[proven->n++] = block;
}

static void judge(uintptr_t block, struct place place, void *data)
{
	const struct proven *proven = data;

	if (heap_epoch(blocks_word(block)) <= proven->epoch &&
	    rows_has(proven->block, proven->n, block))
		return;
	if (candidate_is_dead(block))
		mark_more(block, place);
	else
		place.cell->weak |= place.bit;
}

void proven_note(struct proven *proven)
{
	proven->n = 0;
	proven->epoch = heap_epoch((struct heap_word){heap_table.fresh});
	if (proven->epoch < HEAP_EPOCH_LAST)
		nodes_each(note, proven);
}

void proven_doubt(const struct proven *proven)
{
	nodes_each(judge, (void *)proven);
	mark_rest();
}
