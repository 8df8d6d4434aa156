/*
 * See sentinel.h.
 */
#include <stdint.h>

#include "meaning/blocks.h"
#include "meaning/sentinel.h"
#include "model/model.h"

/* A list or tree ends in its owner in as many words as this, at most. */
#define SENTINEL_BYTES 32

/* The first word of the block at the offset or behind it. */
static size_t word_from(const struct blocks *blocks, size_t i, int64_t offset)
{
	size_t low = blocks->first[i], high = blocks->first[i + 1], middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (blocks->words[middle].edge.offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether the owner has a word there that leads to a node. */
static bool ends_there(const struct blocks *blocks, size_t owner, uint64_t at)
{
	size_t w = word_from(blocks, owner, (int64_t)at), steps;

	for (steps = 0; w < blocks->first[owner + 1] && steps < SENTINEL_BYTES;
	     w++, steps++) {
		const struct edge *edge = &blocks->words[w].edge;

		if ((uint64_t)edge->offset - at >= SENTINEL_BYTES)
			break;
		if (edge->to != owner && !block_is_virtual(blocks, edge->to))
			return true;
	}
	return false;
}

/* It has a name of its own, unless it is a slot of a library's table. */
static bool is_named(const struct blocks *blocks, const struct edge *edge)
{
	return edge->field && *edge->field &&
	       !(block_member(blocks, edge->from)->is_inside &&
		 edge->field[0] == '[');
}

bool word_is_sentinel(const struct blocks *blocks, const struct word *word)
{
	size_t owner = word->edge.to;

	if (word->edge.kind[0] != 'i' || word->role != WORD_PLAIN ||
	    word->edge.is_pair || is_named(blocks, &word->edge) ||
	    (word->edge.ownership != OWN_UNKNOWN &&
	     word->edge.ownership != OWN_BORROWED))
		return false;
	return word->edge.into ? ends_there(blocks, owner, word->edge.into)
			       : !blocks->is_control[owner];
}
