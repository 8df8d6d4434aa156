/*
 * See spread.h. A field says what it leads to; the block's size and its own
 * words must agree, since a pointer to a base class may lead to any class
 * derived from it. Each block gets a type here at most once, so that this
 * ends.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/model.h"
#include "model/type.h"
#include "types/edges.h"
#include "debug/entry.h"
#include "types/rules.h"
#include "types/shape.h"
#include "types/spread.h"
#include "types/leaf.h"

/* What may stand before an object in its block: counts, a length. */
#define BEFORE_MAX 64

/* A type for a block, and where it would begin. */
struct fit {
	const struct type *type;
	uint64_t at;
};

static bool is_interior(const struct edge *edge)
{
	return edge->kind[0] == 'i';
}

static bool has_open_end(const struct type *type)
{
	const struct type_field *last;

	if (type->kind != TYPE_RECORD || !type->fields_n || type->is_union)
		return false;
	last = &type->fields[type->fields_n - 1];
	return last->type && last->type->kind == TYPE_ARRAY &&
	       !last->type->length;
}

static bool is_character(const struct type *type)
{
	return type->kind == TYPE_SCALAR && type->size == 1;
}

/* As many as there is room for, if that comes out even. */
static const struct type *several(const struct type *type, uint64_t size)
{
	if (!size || size % type->size)
		return NULL;
	return type_array(type, size / type->size);
}

/* Rust's hash tables: the slots, a power of two of them, stand before the place
 * to which the table points; behind it is a byte for each, and 16 more. */
static struct fit table_fit(const struct edge *edge,
			    const struct member *member,
			    const struct type *type)
{
	struct fit fit = {NULL, 0};
	uint64_t n, whole;

	if (edge->into < 16 || member->size < edge->into + 17)
		return fit;
	n = member->size - edge->into - 16;
	if ((n & (n - 1)) || __builtin_mul_overflow(n, type->size, &whole) ||
	    whole > edge->into || edge->into - whole >= 16)
		return fit;
	fit.type = type_array(type, n);
	fit.at = edge->into - whole;
	return fit;
}

/* Of a container's buffer, to whose beginning the edge leads, or behind a
 * length that new[] keeps. */
static struct fit buffer_fit(const struct edge *edge,
			     const struct member *member,
			     const struct type *type)
{
	struct fit fit = {NULL, 0};

	if (type->kind == TYPE_RECORD && type_is_inside(type)) { /* a node */
		if (!edge->into && type->size == member->size)
			fit.type = type;
		return fit;
	}
	if (!edge->into && !is_interior(edge))
		fit.type = several(type, member->size);
	else if (edge->into == 8 && member->size > 8)
		fit.type = several(type, member->size - 8);
	if (fit.type)
		fit.at = edge->into;
	else
		fit = table_fit(edge, member, type);
	return fit;
}

/* A pointer to one, or in C to the first of several. */
static struct fit plain_fit(const struct edge *edge,
			    const struct member *member,
			    const struct type *type)
{
	struct fit fit = {NULL, 0};

	if (edge->into || is_interior(edge))
		return fit;
	if (type->kind == TYPE_POINTER || is_character(type))
		fit.type = several(type, member->size);
	else if (type->size == member->size)
		fit.type = type;
	else if (has_open_end(type) && type->size < member->size)
		fit.type = type;
	return fit;
}

/* What a smart pointer leads to may stand behind its counts. */
static struct fit held_fit(const struct edge *edge, const struct member *member,
			   const struct type *type)
{
	struct fit fit = {NULL, edge->into};

	if (!edge->into) {
		if (!is_interior(edge) && type->size == member->size)
			fit.type = type;
		return fit;
	}
	if (edge->into <= BEFORE_MAX &&
	    edge->into + type->size <= member->size &&
	    member->size - edge->into - type->size < 8)
		fit.type = type;
	return fit;
}

static struct fit leaf_fit(const struct edge *edge, const struct leaf *leaf,
			   const struct member *member, const struct type *type)
{
	if (leaf->is_buffer)
		return buffer_fit(edge, member, type);
	if (leaf->is_held)
		return held_fit(edge, member, type);
	return plain_fit(edge, member, type);
}

/* A class with a vtable has one in the block. */
static bool has_vtable_for(const struct member *member, const struct type *type)
{
	return type->kind != TYPE_RECORD || !type->is_polymorphic ||
	       member->has_vtable || member->rtti || member->points_n;
}

/* Text holds no pointers; without this any block could be text. */
static bool holds_nothing(const struct edges *edges, size_t member)
{
	return edges->first[member] == edges->first[member + 1];
}

/* Whether the field may give the block a type. What a container has of its
 * buffers and nodes is better than what the code that allocated it says: a
 * compiler makes one function of several that do the same. */
static bool may_name(const struct leaf *leaf, const struct member *member)
{
	if (!member->shape && !member->type)
		return true;
	return (leaf->is_buffer || leaf->is_node) && !leaf->is_held &&
	       (member->type_from == TYPE_FROM_DEBUG ||
		member->type_from == TYPE_FROM_TEMPLATE);
}

static bool has_name_of(const struct member *member, const struct type *type)
{
	return member->type && type->name && !strcmp(member->type, type->name);
}

static bool leaf_spread(struct edges *edges, const struct edge *edge,
			const struct leaf *leaf)
{
	struct member *member = &edges->finding->members[edge->to];
	bool is_ours = leaf->is_buffer || leaf->is_held || leaf->is_node;
	bool may = may_name(leaf, member);
	size_t i;

	if (!may && !leaf->is_table)
		return false;
	for (i = 0; i < leaf->targets_n; i++) {
		const struct type *type = leaf->targets[i];
		struct fit fit = leaf_fit(edge, leaf, member, type);

		if (!fit.type || !has_vtable_for(member, type) ||
		    (is_character(type) && !holds_nothing(edges, edge->to)) ||
		    !edges_fit(edges, edge->to, fit.type, fit.at))
			continue;
		if (leaf->is_table)
			member->is_inside = true;
		if (!may || has_name_of(member, fit.type))
			return false;
		shape_set(member, fit.type, fit.at,
			  leaf->is_buffer || leaf->is_node ? TYPE_FROM_PART
							   : TYPE_FROM_EDGE,
			  is_ours);
		member->is_inside |= leaf->is_table;
		return true;
	}
	return false;
}

/* Gives the block to which the edge leads a type; false: not so. Of several
 * fields at one place, as in a union, the first that fits. */
static bool edge_spread(struct edges *edges, const struct edge *edge)
{
	struct leaf leaves[LEAVES_MAX];
	size_t n, i;

	n = edge_leaves(edges, edge, leaves);
	for (i = 0; i < n; i++)
		if (leaf_spread(edges, edge, &leaves[i]))
			return true;
	return false;
}

void types_spread(struct edges *edges)
{
	const struct finding *finding = edges->finding;
	size_t *queue = calloc(2 * edges->members_n + 1, sizeof(*queue));
	size_t n = 0, i, k;

	if (!queue)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < edges->members_n; i++)
		if (finding->members[i].shape)
			queue[n++] = i;
	for (i = 0; i < n; i++)
		for (k = edges->first[queue[i]]; k < edges->first[queue[i] + 1];
		     k++) {
			const struct edge *edge =
				&finding->edges[edges->list[k]];

			if (edge_spread(edges, edge))
				queue[n++] = edge->to;
		}
	free(queue);
}
