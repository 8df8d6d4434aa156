/*
 * See edges.h. Snapshot child only.
 */
#include "evidence/edges.h"
#include "evidence/evidence.h"
#include "evidence/hints.h"
#include "evidence/places.h"
#include "evidence/told.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/halves.h"
#include "scan/leads.h"
#include "scan/nodes.h"
#include "scan/offsets.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/scanned.h"

#define KEPT_BYTES (64ul << 10)

/* The block whose words are being read. */
struct reading {
	const struct graph *graph;
	const struct finding *finding;
	struct evidence *out;
	uint32_t member, node;
	uint32_t e; /* the graph's edge that the next word of the node is */
	uint32_t kept_edges, block_edges; /* from or to what the head keeps */
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

static enum evidence_edge_kind edge_kind(uintptr_t at, bool is_interior)
{
	if (counts_is_weak(at))
		return EDGE_WEAK;
	return is_interior ? EDGE_INTERIOR : EDGE_STRONG;
}

/* The block that a word leads to: also the one that ends there, as in the
 * graph. */
static uintptr_t target_of(uintptr_t word)
{
	uintptr_t block = blocks_find(word);

	return block != BLOCK_NONE ? block : blocks_find_end(word);
}

/* Whether there is room for one more edge. Those among members come first:
 * only their own number limits them. */
static bool has_room(struct reading *r, uint32_t to)
{
	if (r->out->edges_n == EVIDENCE_EDGES)
		return false;
	if (r->member < r->out->members_n && to < r->out->members_n)
		return true;
	return r->kept_edges < EVIDENCE_KEPT_EDGES &&
	       r->block_edges < EVIDENCE_BLOCK_EDGES;
}

/* declared: a runtime counts the edge; at 0: its word is unknown. */
static void edge_add(struct reading *r, uintptr_t at, uint32_t to,
		     uint64_t into, bool declared)
{
	struct evidence *out = r->out;
	const struct ref_slot *slot = counts_slot(at);
	const struct evidence_member *member = &out->member[r->member];

	if (finding_node(r->finding, r->member) == r->finding->cut_from &&
	    finding_node(r->finding, to) == r->finding->cut_to &&
	    is_better_cut(r, at, slot))
		out->cut = out->edges_n;
	out->edge[out->edges_n++] = (struct evidence_edge){
		.from = r->member,
		.to = to,
		.kind = edge_kind(at, into),
		.offset = at ? at - member->block : 0,
		.into = into,
		.field = slot && slot->field
				 ? slot->field
				 : told_field(member->block, at,
					      out->member[to].block, out),
		.declared = declared,
		.linked = slot && slot->flags & SLOT_LINK,
		.stack = slot ? slot->stack : 0,
	};
	if (r->member < out->members_n && to < out->members_n)
		return;
	r->kept_edges++;
	r->block_edges++;
}

/* Whether the graph's findings took the word for an old one. Words come as in
 * the graph, which has no weak ones. With halves a large block's do not: then
 * none is left out. */
static bool is_old(struct reading *r, uintptr_t at)
{
	if (!r->graph->stale || halves_possible || counts_is_weak(at))
		return false;
	return graph_is_stale(r->graph, r->node, r->e++);
}

/* Weak words are shown, too. */
static enum lead lead_from(const struct reading *r, uintptr_t at,
			   uintptr_t word, uintptr_t block)
{
	if (!declared_exist || counts_is_weak(at))
		return LEAD_WORD;
	return lead_of(declared_find(r->out->member[r->member].block), at, word,
		       block);
}

static void visit_edge(uintptr_t at, uintptr_t word, void *data)
{
	struct reading *r = data;
	uintptr_t block = target_of(word);
	uint32_t node = nodes_find(block);
	int32_t to = places_find(&r->out->places, node);

	if (node == NODE_NONE || lead_from(r, at, word, block) == LEAD_NONE ||
	    is_old(r, at))
		return;
	if (to >= 0 && has_room(r, to))
		edge_add(r, at, to, word - block, false);
}

static void visit_link(uintptr_t at, uintptr_t block, void *data)
{
	struct reading *r = data;
	int32_t to = places_find(&r->out->places, nodes_find(block));

	if (to >= 0 && has_room(r, to))
		edge_add(r, at, to, 0, true);
}

static void read_links(uintptr_t block, struct reading *r)
{
	if (declared_exist && declared_find(block) != DECLARED_NONE)
		leads_each(declared_find(block), visit_link, r);
}

static void visit_halves(uintptr_t low, uintptr_t high, void *data)
{
	halves_visit(low, high, visit_edge, data);
}

/* Of a block that the head keeps, only the beginning is read. */
static void read_kept(const struct evidence_member *member, struct reading *r)
{
	uintptr_t block = member->block, end = hints_end(member, KEPT_BYTES);

	read_range(block, end, ROOT_PRIVATE, visit_edge, r);
	if (halves_possible)
		read_runs(block, end, ROOT_PRIVATE, visit_halves, r);
	if (offsets_possible)
		offsets_visit(block, visit_edge, r);
	read_links(block, r);
}

static void read_member(uintptr_t block, struct reading *r)
{
	read_block(block, visit_edge, r);
	if (halves_possible)
		halves_visit_block(block, visit_edge, r);
	if (offsets_possible)
		offsets_visit(block, visit_edge, r);
	read_links(block, r);
}

void edges_find(const struct scan *scan, const struct finding *finding,
		struct evidence *out)
{
	struct reading r = {
		.graph = &scan->graph, .finding = finding, .out = out};

	out->edges_n = 0;
	out->cut = NODE_NONE;
	for (; r.member < out->members_n + out->kept_n; r.member++) {
		r.block_edges = 0;
		r.node = finding_node(finding, r.member);
		r.e = scan->graph.row[r.node];
		if (r.member < out->members_n)
			read_member(out->member[r.member].block, &r);
		else
			read_kept(&out->member[r.member], &r);
	}
}
