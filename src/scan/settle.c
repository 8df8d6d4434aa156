/*
 * See settle.h. The epoch tells whether a block is the same one: it was made
 * before the last scan.
 */
#include "base/rows.h"
#include "heap/heap.h"
#include "scan/blocks.h"
#include "scan/mark.h"
#include "scan/nodes.h"
#include "scan/settle.h"

static struct {
	struct unsettled *all;
	uint32_t now; /* the list of this scan */
	bool others;
} s;

static void note(uintptr_t block, struct place place, void *data)
{
	uint32_t *n = &s.all->n[s.now];

	(void)place;
	(void)data;
	if (*n < UNSETTLED)
		s.all->block[s.now][(*n)++] = block;
}

static bool was_noted(uintptr_t block)
{
	return rows_has(s.all->block[!s.now], s.all->n[!s.now], block);
}

static void judge(uintptr_t block, struct place place, void *data)
{
	(void)data;
	if (was_noted(block) && !heap_is_fresh(blocks_word(block)))
		return;
	s.others = true;
	mark_more(block, place);
}

bool settle(struct unsettled *unsettled)
{
	s.all = unsettled;
	s.now = !unsettled->last;
	s.others = false;
	s.all->n[s.now] = 0;
	nodes_each(note, NULL);
	nodes_each(judge, NULL);
	mark_rest();
	unsettled->last = s.now;
	return !s.others;
}
