/*
 * See edges.h. Snapshot child only.
 */
#include "evidence/edges.h"
#include "evidence/evidence.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/halves.h"
#include "scan/nodes.h"
#include "scan/offsets.h"
#include "scan/read.h"

/* The member whose words are being read. */
struct reading {
	const struct finding *finding;
	struct evidence *out;
	uint32_t member;
	uint64_t cut_worth; /* of the word chosen for the cut so far */
};

/* Of several words between the two ends, the cut is a back pointer, else the
 * link that was made last, else the first word. It is never a weak one. */
static bool is_better_cut(struct reading *r, uintptr_t at,
			  const struct ref_slot *slot)
{
	uint64_t worth = 1;

	if (slot && slot->flags & SLOT_LINK)
		worth = slot->time / 2 +
			(counts_is_back(slot->field) ? UINT64_MAX / 2 : 2);
	if (counts_is_weak(at) ||
	    (r->out->cut != NODE_NONE && worth <= r->cut_worth))
		return false;
	r->cut_worth = worth;
	return true;
}

static enum evidence_edge_kind edge_kind(uintptr_t at, bool interior)
{
	if (counts_is_weak(at))
		return EDGE_WEAK;
	return interior ? EDGE_INTERIOR : EDGE_STRONG;
}

static void visit_edge(uintptr_t at, uintptr_t target, void *data)
{
	struct reading *r = data;
	struct evidence *out = r->out;
	const struct finding *f = r->finding;
	const struct ref_slot *slot;
	uintptr_t block = blocks_find(target);
	uint32_t node = nodes_find(block);
	int32_t to = node == NODE_NONE ? -1 : evidence_member_of(f, node);

	if (to < 0 || out->edges_n == EVIDENCE_EDGES)
		return;
	slot = counts_slot(at);
	if (f->members[r->member] == f->cut_from && node == f->cut_to &&
	    is_better_cut(r, at, slot))
		out->cut = out->edges_n;
	out->edge[out->edges_n++] = (struct evidence_edge){
		.from = r->member,
		.to = to,
		.kind = edge_kind(at, target != block),
		.offset = at - out->member[r->member].block,
		.field = slot ? slot->field : NULL,
		.linked = slot && slot->flags & SLOT_LINK,
		.stack = slot ? slot->stack : 0,
	};
}

void edges_find(const struct finding *finding, struct evidence *out)
{
	struct reading r = {finding, out, 0, 0};

	out->edges_n = 0;
	out->cut = NODE_NONE;
	for (; r.member < out->members_n; r.member++) {
		uintptr_t block = out->member[r.member].block;

		read_block(block, visit_edge, &r);
		if (halves_possible)
			halves_visit_block(block, visit_edge, &r);
		if (offsets_possible)
			offsets_visit(block, visit_edge, &r);
	}
}
