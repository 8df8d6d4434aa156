/*
 * See shape.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/brief.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/modules.h"
#include "symbols/symbols.h"
#include "debug/entry.h"
#include "types/rules.h"
#include "types/shape.h"

#define MODULES_MAX 8 /* in which a name is searched */
#define DEPTH_MAX 16
#define STEPS_MAX 4096 /* a limit for damaged types */

/* Where a record has a part of that type; false: nowhere. */
static bool held_find(const struct type *in, const struct type *type,
		      uint64_t *at, size_t *steps, int depth)
{
	size_t i;

	if (in == type)
		return true;
	if (depth == DEPTH_MAX || ++*steps > STEPS_MAX ||
	    in->kind != TYPE_RECORD)
		return false;
	if (rule_of(in)->way == WAY_ARGUMENT)
		return type_argument(in, 0) == type;
	for (i = 0; i < in->fields_n; i++) {
		const struct type_field *field = &in->fields[i];

		if (field->type && field->type->size >= type->size &&
		    held_find(field->type, type, at, steps, depth + 1)) {
			*at += field->offset;
			return true;
		}
	}
	return false;
}

static const char *runtime_of(const struct type *type)
{
	switch (type->language) {
	case LANGUAGE_CXX:
		return "c++";
	case LANGUAGE_RUST:
		return "rust";
	default:
		return NULL;
	}
}

/* Where the object begins that a control block of that size holds: as late as
 * possible, since what is before it grows with its alignment. */
static uint64_t held_at(const struct rule *rule, const struct type *held,
			uint64_t size)
{
	uint64_t at = size > held->size ? (size - held->size) & ~7ull : 0;

	return at > rule->at ? at : rule->at;
}

void shape_set(struct member *member, const struct type *type, uint64_t at,
	       enum type_from from, bool sure)
{
	const struct rule *rule = rule_of(type);
	const struct type *held;
	int depth;

	for (depth = 0; depth < DEPTH_MAX && rule->way == WAY_HELD; depth++) {
		uint64_t inside = 0;
		size_t steps = 0;

		held = type_argument(type, 0);
		if (!held)
			break;
		at += held_find(type, held, &inside, &steps, 0)
			      ? inside
			      : held_at(rule, held, type->size);
		type = held;
		rule = rule_of(type);
	}
	member->shape = type;
	member->shape_at = at;
	member->type = type->name;
	member->type_from = from;
	member->type_sure = sure;
	member->is_inside = rule->way == WAY_APART || type_is_inside(type);
	if (!member->runtime)
		member->runtime = runtime_of(type);
}

/* The modules that may know a class of the block: the vtable's, then those of
 * the program that allocated it. */
static size_t modules_list(const struct member *member,
			   struct module *modules[MODULES_MAX])
{
	size_t n = 0, i, k;

	if (member->has_vtable && member->vtable.module)
		modules[n++] = member->vtable.module;
	for (i = 0; i < member->stack->n && n < MODULES_MAX; i++) {
		struct module *module = member->stack->frames[i].module;

		for (k = 0; k < n && modules[k] != module; k++)
			;
		if (module && k == n)
			modules[n++] = module;
	}
	return n;
}

/* The type of that name and size; else one of the name, if all have one size.
 */
static const struct type *named_type(struct report *report,
				     const struct member *member,
				     const char *full, uint64_t size)
{
	struct module *modules[MODULES_MAX];
	size_t n = modules_list(member, modules), i;
	const struct type *type, *other = NULL;

	for (i = 0; i < n; i++) {
		struct symbols *symbols = symbols_of(report, modules[i]);

		type = type_by_name(report, symbols, full, size);
		if (!type && !other)
			other = type_by_name(report, symbols, full, 0);
		if (type)
			return type;
	}
	return other;
}

static const char *brief(struct report *report, const char *full, size_t n)
{
	char *copy = strndup(full, n), *name = copy ? name_brief(copy) : NULL;
	const char *kept =
		name ? report_copy(report, name, strlen(name)) : NULL;

	free(copy);
	free(name);
	return kept;
}

/* The block holds an object, whose name is the control block's argument. */
static void held_named(struct report *report, struct member *member,
		       const char *full, const struct rule *rule,
		       enum type_from from)
{
	const struct type *type;
	const char *argument, *name;
	size_t n;

	if (!argument_text(full, (size_t)rule->argument, &argument, &n))
		return;
	name = report_copy(report, argument, n);
	type = named_type(report, member, name, 0);
	member->shape_at = rule->at;
	if (type && type->size && rule->at + type->size <= member->size)
		shape_set(member, type, held_at(rule, type, member->size), from,
			  true);
	member->type = brief(report, argument, n);
	member->type_from = from;
	member->type_sure = true;
}

/* Whether a second object of the class follows the first. */
static bool is_repeated(const struct member *member, const struct type *type)
{
	size_t i;

	for (i = 0; i < member->points_n; i++)
		if (member->points[i].offset == type->size)
			return true;
	return false;
}

void shape_named(struct report *report, struct member *member, const char *full,
		 enum type_from from)
{
	const struct rule *rule = rule_of_name(full);
	const struct type *type =
		named_type(report, member, full, member->size);

	member->type = NULL;
	member->runtime = "c++";
	if (type && type->size == member->size) {
		shape_set(member, type, 0, from, true);
		if (rule->way != WAY_HELD) /* const may be missing in it */
			member->type = brief(report, full, strlen(full));
	} else if (rule->way == WAY_HELD) {
		held_named(report, member, full, rule, from);
	} else if (type && type->size && !(member->size % type->size) &&
		   is_repeated(member, type)) {
		type = type_array(type, member->size / type->size);
		shape_set(member, type, 0, from, true);
	} else if (!type || type->is_declared) {
		member->type = brief(report, full, strlen(full));
		member->type_from = from;
		member->type_sure = true;
		member->is_inside = rule->way == WAY_APART;
	} /* else a pool, which begins with an object of that class */
}

/* C's "struct node" is "node" in debug information; of a GObject class Name the
 * struct is often _Name. */
void shape_declared(struct report *report, struct member *member)
{
	const char *name = member->type, *space = strrchr(name, ' ');
	const struct type *type;
	char other[256];

	if (member->type_from == TYPE_FROM_NOTHING)
		member->type_from = TYPE_FROM_MACRO;
	member->type_sure = true;
	if (space &&
	    (!strncmp(name, "struct ", 7) || !strncmp(name, "union ", 6) ||
	     !strncmp(name, "class ", 6)))
		name = space + 1;
	type = named_type(report, member, name, member->size);
	snprintf(other, sizeof(other), "_%s", name);
	if (!type)
		type = named_type(report, member, other, member->size);
	if (type && type->size && type->size <= member->size)
		member->shape = type;
}
