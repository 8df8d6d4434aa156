/*
 * See edges.h.
 */
#include <stdlib.h>

#include "common/die.h"
#include "model/model.h"
#include "model/type.h"
#include "types/edges.h"
#include "debug/entry.h"
#include "types/rules.h"
#include "types/leaf.h"
#include "types/walk.h"

/* A limit for damaged reports: with it a finding takes tenths of a second. */
#define STEPS_MAX (1u << 18)

void edges_list(struct edges *edges, struct report *report,
		struct finding *finding)
{
	size_t i, k, *next;

	edges->report = report;
	edges->finding = finding;
	edges->members_n = finding->members_n + finding->kept_n;
	edges->edges_n = finding->edges_n + finding->kept_edges_n;
	edges->steps = STEPS_MAX + edges->edges_n;
	edges->first = calloc(edges->members_n + 2, sizeof(size_t));
	edges->list = calloc(edges->edges_n + 1, sizeof(size_t));
	if (!edges->first || !edges->list)
		die(STATUS_FAILED, "out of memory");
	/* next[m] counts, then is where the next one of m goes: in the end
	 * where those of m end, which is where those of m + 1 begin. */
	next = edges->first + 1;
	for (i = 0; i < edges->edges_n; i++)
		next[finding->edges[i].from]++;
	for (i = 0, k = 0; i < edges->members_n; i++) {
		size_t n = next[i];

		next[i] = k;
		k += n;
	}
	for (i = 0; i < edges->edges_n; i++)
		edges->list[next[finding->edges[i].from]++] = i;
}

void edges_free(struct edges *edges)
{
	free(edges->first);
	free(edges->list);
}

/* A deque keeps its elements in several buffers, and a table of those. */
static bool is_table(const struct member *member)
{
	const struct type *of;

	if (!member->is_inside || member->shape->kind != TYPE_ARRAY)
		return false;
	of = type_target(member->shape);
	return of && of->kind == TYPE_POINTER && !type_is_inside(of);
}

size_t edge_leaves(const struct edges *edges, const struct edge *edge,
		   struct leaf leaves[LEAVES_MAX])
{
	const struct member *from = &edges->finding->members[edge->from];
	size_t n, i;

	if (!from->shape || edge->offset < 0 ||
	    (uint64_t)edge->offset < from->shape_at)
		return 0;
	n = leaves_find(edges->report, from->shape,
			(uint64_t)edge->offset - from->shape_at, leaves);
	for (i = 0; i < n && is_table(from); i++) {
		leaves[i].is_buffer = true;
		leaves[i].ownership = OWN_UNIQUE;
	}
	return n;
}

/* Behind its fields a block may have what a last array holds; what is behind a
 * vtable's virtual bases is not known. */
static bool edge_fits(const struct edges *edges, const struct edge *edge,
		      const struct type *type, uint64_t at)
{
	struct leaf leaves[LEAVES_MAX];

	return edge->offset < 0 || (uint64_t)edge->offset < at ||
	       type->has_gaps ||
	       leaves_find(edges->report, type, (uint64_t)edge->offset - at,
			   leaves);
}

bool edges_fit(struct edges *edges, size_t member, const struct type *type,
	       uint64_t at)
{
	size_t i;

	for (i = edges->first[member]; i < edges->first[member + 1]; i++) {
		if (!edges->steps)
			return false;
		edges->steps--;
		if (!edge_fits(edges, &edges->finding->edges[edges->list[i]],
			       type, at))
			return false;
	}
	return true;
}
