/*
 * See words.h. The words must come as scan.c read them.
 *
 * Snapshot child only.
 */
#include "base/debug.h"
#include "base/likely.h"
#include "graph/graph.h"
#include "scan/apart.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/halves.h"
#include "scan/leads.h"
#include "scan/nodes.h"
#include "scan/offsets.h"
#include "scan/read.h"
#include "scan/words.h"

/* glibc links free chunks of 1 KB and more by their sizes. Alone of its size, a
 * chunk has two links to its own header, which lies before the block. They are
 * there as long as the program writes nothing in their place. */
#define HEADER 16
#define LINKS 16 /* offset */

struct reading {
	uintptr_t block;
	uintptr_t header; /* what the two links are, or 0 */
	uint32_t from;	  /* its declared number */
	uint32_t e, end;  /* the next edge, and the first of the next node */
	bool undecided;
	graph_word_fn *visit;
	void *data;
};

static void visit_word(uintptr_t at, uintptr_t word, void *data)
{
	struct reading *r = data;
	uintptr_t block = blocks_find(word);

	if (block == BLOCK_NONE)
		block = blocks_find_end(word);
	if (nodes_find(block) == NODE_NONE ||
	    (unlikely(declared_exist) &&
	     (lead_of(r->from, at, word, block) == LEAD_NONE ||
	      (!r->undecided && apart_has(block)))))
		return;
	debug_check(r->e < r->end);
	if (r->e == r->end)
		return;
	r->visit(r->e++, at - r->block,
		 word == r->header && at - r->block - LINKS < 16
			 ? GRAPH_ALLOCATOR
			 : word - block,
		 r->data);
}

static void visit_link(uintptr_t at, uintptr_t block, void *data)
{
	struct reading *r = data;

	if (nodes_find(block) != NODE_NONE && r->e < r->end &&
	    (r->undecided || !apart_has(block)))
		r->visit(r->e++, at ? at - r->block : UINT32_MAX, 0, r->data);
}

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	uintptr_t at = (low + 7) & -8ul;

	for (; at + 8 <= high; at += 8) {
		uintptr_t word = read_word(at);

		if (blocks_may_hold(word) && !counts_is_weak(at))
			visit_word(at, word, data);
	}
	if (unlikely(halves_possible))
		halves_visit(low, high, visit_word, data);
}

void words_visit(const struct graph *graph, uint32_t node, graph_word_fn *visit,
		 void *data)
{
	uintptr_t block = nodes_block(node);
	uint64_t size = blocks_size(block);
	uintptr_t links[2] = {0};
	struct reading r = {
		.block = block,
		.from = declared_exist ? declared_find(block) : DECLARED_NONE,
		.e = graph->row[node],
		.end = graph->row[node + 1],
		.undecided = apart_has(block),
		.visit = visit,
		.data = data,
	};

	if (r.e == r.end)
		return;
	if (size >= LINKS + sizeof links)
		fault_copy(links, block + LINKS, sizeof links);
	if (links[0] == block - HEADER && links[1] == links[0])
		r.header = links[0];
	if (size >= READ_LARGE || blocks_is_outer(block)) {
		read_block_runs(block, visit_run, &r);
	} else {
		fault_low = block;
		fault_high = block + size;
		visit_run(block, block + size, &r);
		fault_low = fault_high = 0;
	}
	if (unlikely(offsets_possible))
		offsets_visit(block, visit_word, &r);
	if (unlikely(r.from != DECLARED_NONE))
		leads_each(r.from, visit_link, &r);
	debug_check(r.e == r.end);
}
