/*
 * See cause.h.
 */
#include "meaning/blocks.h"
#include "meaning/cause.h"
#include "meaning/rings.h"
#include "model/model.h"

/* Whether there is a ring of such edges. */
static bool has_ring(struct blocks *blocks, edge_fn *use)
{
	struct rings rings;
	size_t e;

	rings_open(&rings, blocks, use);
	for (e = 0; e < blocks->finding->edges_n; e++)
		if (rings_have(&rings, e))
			return true;
	return false;
}

static bool edge_seems_to_own(const struct edge *edge)
{
	return edge_may_own(edge) && (!edge->is_plain || edge_owns(edge));
}

/* Whether a reference that is known to be counted lies on a ring that may own.
 * Of the others it is not known that they do not; plain pointers of C++ leave
 * it open. */
static bool has_counted(struct blocks *blocks)
{
	const struct finding *finding = blocks->finding;
	struct rings rings;
	size_t e;

	rings_open(&rings, blocks, edge_seems_to_own);
	for (e = 0; e < finding->edges_n; e++)
		if (finding->edges[e].ownership == OWN_COUNTED &&
		    rings_have(&rings, e))
			return true;
	return false;
}

/* Whether block i was made before block k, as far as is known. */
static bool is_earlier(const struct blocks *blocks, size_t i, size_t k)
{
	uint64_t a = block_member(blocks, i)->since;
	uint64_t b = block_member(blocks, k)->since;

	return a && b && a < b;
}

/* The object that nothing owns, of several the one made first. */
static size_t head_of(struct blocks *blocks)
{
	const struct finding *finding = blocks->finding;
	bool *owned = blocks_take(blocks, blocks->n, sizeof(bool));
	size_t head = NOBODY, e, i;

	for (e = 0; e < finding->edges_n; e++) {
		const struct edge *edge = &finding->edges[e];

		if (edge->from != edge->to && edge_may_own(edge))
			owned[edge->to] = true;
	}
	for (i = 0; i < blocks->n; i++) {
		if (owned[i] || block_is_part(blocks, i))
			continue;
		if (head == NOBODY || is_earlier(blocks, i, head))
			head = i;
	}
	return head == NOBODY ? 0 : head;
}

/* Counts that prove the objects dead were kept by references of their own. A
 * block alone is a cycle only because it counts a reference on itself. */
static bool is_proved(const struct finding *finding)
{
	return finding->sighting.dead || finding->members_total == 1;
}

/* Whether what is shown of a large cycle says something of all of it: it has
 * whole rings. */
static bool shows_rings(struct blocks *blocks)
{
	const struct finding *finding = blocks->finding;
	size_t e;

	if (finding->members_n >= finding->members_total)
		return true;
	if (has_ring(blocks, edge_may_refer))
		return true;
	for (e = 0; e < finding->edges_n; e++)
		if (edge_may_own(&finding->edges[e]))
			return false;
	return finding->edges_n;
}

/* Whether a smart pointer of the head counts a reference on the head. The
 * library has seen a word that leads to its own block, as lists have. Nor is a
 * plain pointer to a struct with a count a proof. */
static bool counts_itself(const struct finding *finding)
{
	size_t e;

	for (e = 0; e < finding->edges_n; e++) {
		const struct edge *edge = &finding->edges[e];

		if (edge->from == 0 && edge->to == 0 && !edge->via_n &&
		    (edge->smart || edge->is_pair) &&
		    edge->ownership == OWN_COUNTED)
			return true;
	}
	return false;
}

/* Leaves those edges that lead from the head's own words to the head. */
static size_t edges_of_head(struct edge *edges, size_t n)
{
	size_t e, k = 0;

	for (e = 0; e < n; e++)
		if (!edges[e].from && !edges[e].to && !edges[e].via_n)
			edges[k++] = edges[e];
	return k;
}

/* Makes of the lost head a cycle. Of a cycle the members are all that is
 * shown. */
static void head_alone(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;

	finding->kind = KIND_CYCLE;
	finding->kept_n = finding->kept_edges_n = 0;
	finding->edges_n = edges_of_head(finding->edges, finding->edges_n);
	finding->words_n = edges_of_head(finding->words, finding->words_n);
	blocks->n = 1;
}

void cause_find(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;

	if (finding->kind == KIND_LOST && counts_itself(finding))
		head_alone(blocks);
	finding->head = 0;
	finding->cause = CAUSE_UNRELEASED;
	if (finding->kind != KIND_CYCLE || !blocks->n)
		return;
	if (is_proved(finding) || has_ring(blocks, edge_owns) ||
	    has_counted(blocks)) {
		finding->cause = CAUSE_CYCLE;
	} else if (has_ring(blocks, edge_may_own) || !shows_rings(blocks)) {
		finding->cause = CAUSE_UNKNOWN;
	} else {
		finding->head = head_of(blocks);
		finding->kind = KIND_LOST;
	}
}
