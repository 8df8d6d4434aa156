/*
 * See ends.h. What a library's class leads to is told by its rule.
 */
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "types/ends.h"
#include "debug/entry.h"
#include "types/leaf.h"
#include "types/rules.h"
#include "debug/store.h"

/* Rust's control block of what has no fixed size. */
static bool is_unsized(const struct type *type)
{
	const char *argument;
	size_t n;

	return type->language == LANGUAGE_RUST && type->full &&
	       rule_of(type)->way == WAY_HELD &&
	       argument_text(type->full, 0, &argument, &n) &&
	       (!strncmp(argument, "dyn ", 4) || argument[0] == '[' ||
		!strncmp(argument, "str>", 4));
}

static void target_add(struct leaf *leaf, const struct type *type)
{
	size_t i;

	if (!type || !type->size || leaf->targets_n == TARGETS_MAX ||
	    is_unsized(type))
		return;
	for (i = 0; i < leaf->targets_n; i++)
		if (leaf->targets[i] == type)
			return;
	leaf->targets[leaf->targets_n++] = type;
}

static void nodes_add(struct walk *walk, const struct way_down *way,
		      struct leaf *leaf)
{
	struct known_type *holder = (struct known_type *)way->holder;
	const char *p = way->rule->nodes;
	size_t n;

	for (; p && *p; p += n + (p[n] == '|')) {
		const char *name;

		n = strcspn(p, "|");
		name = rule_text(walk->report, p, n, way->holder->full);
		if (name)
			target_add(leaf,
				   type_by_name(walk->report, holder->symbols,
						name, 0));
	}
}

/* What links nodes backwards owns nothing. */
static bool leads_back(const char *field)
{
	return field && (strstr(field, "prev") || strstr(field, "parent"));
}

/* What a word inside of a library's class leads to. */
static void ruled(struct walk *walk, const struct way_down *way,
		  struct leaf *leaf, const struct type *target)
{
	const struct rule *rule = way->rule;
	const struct type *of = NULL;

	leaf->ownership = rule->ownership;
	leaf->is_buffer = rule->way == WAY_CONTAINER;
	leaf->is_held = rule->way == WAY_POINTER;
	if (rule->argument >= 0)
		of = type_argument(way->holder, (size_t)rule->argument);
	if (of && of->kind == TYPE_ARRAY) { /* unique_ptr<T[]> */
		leaf->is_buffer = true;
		of = type_target(of);
	}
	if (rule->way == WAY_NODE) {
		leaf->is_node = true;
		target_add(leaf, walk->root);
		if (leads_back(way->field))
			leaf->ownership = OWN_BORROWED;
	}
	if (rule->way == WAY_APART && of && of->kind == TYPE_POINTER)
		of = type_target(of);
	if (target && target->kind == TYPE_POINTER) {
		of = target;
		leaf->is_table =
			type_target(target) &&
			type_target(target) == type_argument(way->holder, 0);
	}
	if (of != target && rule->nodes)
		nodes_add(walk, way, leaf);
	target_add(leaf, of);
	if (target && (!leaf->targets_n || (rule->way == WAY_POINTER &&
					    rule_of(target)->way == WAY_HELD)))
		target_add(leaf, target);
	leaf->pointee = of ? of : leaf->targets_n ? leaf->targets[0] : target;
}

static enum ownership own_of_raw(const struct type *pointer)
{
	return pointer->language == LANGUAGE_CXX ||
			       pointer->language == LANGUAGE_RUST
		       ? OWN_BORROWED
		       : OWN_UNKNOWN;
}

static struct leaf *leaf_add(struct walk *walk, const struct way_down *way)
{
	struct leaf *leaf;

	if (walk->n == LEAVES_MAX)
		return NULL;
	leaf = &walk->leaves[walk->n++];
	memset(leaf, 0, sizeof(*leaf));
	leaf->path = report_copy(walk->report, way->path, strlen(way->path));
	leaf->smart = way->smart;
	return leaf;
}

void leaf_of_pointer(struct walk *walk, const struct type *type,
		     const struct way_down *way)
{
	const struct type *target;
	struct leaf *leaf;

	if (type->language == LANGUAGE_RUST && way->field &&
	    !strcmp(way->field, "vtable"))
		return;
	target = type_target(type);
	if (target && target->kind == TYPE_CODE)
		return;
	leaf = leaf_add(walk, way);
	if (!leaf)
		return;
	leaf->is_pointer = true;
	if (way->rule) {
		ruled(walk, way, leaf, target);
		return;
	}
	leaf->ownership = own_of_raw(type);
	leaf->pointee = target;
	target_add(leaf, target);
}

/* Any word may be a pointer. */
void leaf_of_declared(struct walk *walk, const struct way_down *way)
{
	struct leaf *leaf = leaf_add(walk, way);

	if (!leaf)
		return;
	leaf->is_pointer = true;
	if (way->rule)
		leaf->ownership = way->rule->ownership;
}

/* Numbers of eight bytes, and text, may hold addresses. */
void leaf_of_number(struct walk *walk, const struct type *type,
		    const struct way_down *way)
{
	struct leaf *leaf;

	if ((type->size == 8 && type->is_integral) || type->size == 1) {
		leaf = leaf_add(walk, way);
		if (leaf && way->rule)
			leaf->ownership = way->rule->ownership;
	}
}
