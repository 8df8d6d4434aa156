/*
 * Rings of objects: which edges of a sample lie on some ring, if only such are
 * looked at as may own, or are known to.
 */
#ifndef RINGS_H
#define RINGS_H

#include <stdbool.h>
#include <stddef.h>

struct blocks;
struct edge;
struct finding;

typedef bool edge_fn(const struct edge *edge);

/* Whether it is known to keep what it leads to; whether it may do so; whether
 * it is more than weak. */
bool edge_owns(const struct edge *edge);
bool edge_may_own(const struct edge *edge);
bool edge_may_refer(const struct edge *edge);

struct rings {
	struct blocks *blocks;
	const struct finding *finding;
	edge_fn *use;
	size_t n, without;   /* members; an edge that is left out, or NOBODY */
	size_t *first, *out; /* edges by the member that they lead from */
	size_t *component;   /* of a member */
	size_t *size;	     /* of a component */
	struct search *search;
};

/* For finding->edges as they are now. An edge is used for which use() is true.
 * Costs a look at each edge. */
void rings_open(struct rings *rings, struct blocks *blocks, edge_fn *use);
/* The same without that edge. */
void rings_without(struct rings *rings, size_t edge);
/* Whether the edge lies on a ring. An object that refers to itself makes one
 * only if that is counted. */
bool rings_have(const struct rings *rings, size_t edge);
/* The edges of a shortest ring through the edge, which is the last of them, in
 * order; of several, one that has edges which are known to own. Returns how
 * many; 0: there is none. In the report's memory. */
size_t rings_shortest(struct rings *rings, size_t edge, const size_t **ring);
/* Whether such a ring has, besides the edge, one that is known to own. */
bool rings_has_owner(struct rings *rings, size_t edge);

#endif
