/*
 * See field.h. Where several fields are at one place, in a union or an enum,
 * those that may lead to the block are named, as "u.left|right".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/functions.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "types/edges.h"
#include "debug/entry.h"
#include "types/field.h"
#include "types/leaf.h"

static bool is_same(const struct type *a, const struct type *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind || a->size != b->size || !a->name || !b->name)
		return false;
	return !strcmp(a->name, b->name);
}

/* Whether the field may lead to that block; true when nothing is known. */
static bool may_lead(const struct leaf *leaf, const struct member *to)
{
	const struct type *shape = to->shape, *element = shape;
	size_t i;

	if (!shape || !leaf->targets_n)
		return true;
	if (shape->kind == TYPE_ARRAY && type_target(shape))
		element = type_target(shape);
	for (i = 0; i < leaf->targets_n; i++)
		if (is_same(leaf->targets[i], shape) ||
		    is_same(leaf->targets[i], element))
			return true;
	return false;
}

/* Drops those that has() does not hold for, unless it holds for none. */
static size_t
leaves_filter(struct leaf *leaves, size_t n, const struct member *to,
	      bool (*has)(const struct leaf *, const struct member *))
{
	struct leaf kept[LEAVES_MAX];
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		if (has(&leaves[i], to))
			kept[k++] = leaves[i];
	if (!k)
		return n;
	memcpy(leaves, kept, k * sizeof(*kept));
	return k;
}

static bool is_pointer(const struct leaf *leaf, const struct member *to)
{
	(void)to;
	return leaf->is_pointer;
}

static size_t common_length(const char *a, const char *b)
{
	size_t i, n = 0;

	for (i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '.')
			n = i + 1;
	return n;
}

/* "u.left" and "u.right": "u.left|right" */
static const char *paths_join(struct report *report, const struct leaf *leaves,
			      size_t n)
{
	const char *first = leaves[0].path, *kept;
	size_t i, k, length, common = strlen(first);
	char *whole;
	FILE *out = open_memstream(&whole, &length);

	if (!out)
		die(STATUS_FAILED, "out of memory");
	fputs(first, out);
	for (i = 1; i < n; i++) {
		for (k = 0; k < i && strcmp(leaves[k].path, leaves[i].path);
		     k++)
			;
		if (k < i)
			continue;
		common = common_length(first, leaves[i].path);
		fprintf(out, "|%s", leaves[i].path + common);
	}
	if (fclose(out))
		die(STATUS_FAILED, "out of memory");
	kept = report_copy(report, whole, length);
	free(whole);
	return kept;
}

/* Whether the innermost functions of the library, below the first of the
 * program, have one of that class. */
static bool is_made_by(const struct member *member, const char *smart)
{
	const struct stack *stack = member->stack;
	size_t i, k;

	for (i = 0; i < stack->n; i++) {
		const struct place *place = stack->frames[i].place;

		for (k = 0; k < place->n; k++) {
			const char *name = place->symbols[k].function;

			if (!name || (!function_is_standard(name) &&
				      !function_is_allocator(name)))
				return false;
			if (strstr(name, smart))
				return true;
		}
	}
	return false;
}

/* A captured pointer that std::function keeps in itself leads to an object, not
 * to the closure. */
static bool is_closure(const struct member *member, const char *smart)
{
	return !member->type || strstr(member->type, "lambda") ||
	       strstr(member->type, "{closure") ||
	       strstr(member->type, "_Bind") || is_made_by(member, smart);
}

/* The last node of a ring of nodes leads to the container itself. */
static enum ownership ownership_of(const struct leaf *leaf,
				   const struct member *to)
{
	if (leaf->is_node && !to->is_inside)
		return OWN_BORROWED;
	if (leaf->ownership == OWN_UNIQUE && leaf->is_held &&
	    !leaf->targets_n && leaf->smart &&
	    (strstr(leaf->smart, "function") || strstr(leaf->smart, "any")) &&
	    !is_closure(to, leaf->smart))
		return OWN_BORROWED;
	return leaf->ownership;
}

static void field_fill(const struct edges *edges, struct edge *edge)
{
	const struct member *to = &edges->finding->members[edge->to];
	struct leaf leaves[LEAVES_MAX];
	size_t n, i;

	n = edge_leaves(edges, edge, leaves);
	if (!n)
		return;
	n = leaves_filter(leaves, n, to, is_pointer);
	n = leaves_filter(leaves, n, to, may_lead);
	if (!edge->field)
		edge->field = paths_join(edges->report, leaves, n);
	edge->pointee = leaves[0].pointee;
	edge->ownership = ownership_of(&leaves[0], to);
	edge->smart = leaves[0].smart;
	for (i = 1; i < n; i++) {
		if (leaves[i].pointee != edge->pointee)
			edge->pointee = NULL;
		if (ownership_of(&leaves[i], to) != edge->ownership)
			edge->ownership = OWN_UNKNOWN;
		if (leaves[i].smart != edge->smart)
			edge->smart = NULL;
	}
}

void fields_find(const struct edges *edges)
{
	size_t i;

	for (i = 0; i < edges->edges_n; i++) {
		struct edge *edge = &edges->finding->edges[i];

		if (edges->finding->members[edge->from].shape)
			field_fill(edges, edge);
	}
}
