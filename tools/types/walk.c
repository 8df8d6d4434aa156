/*
 * See walk.h. One way down for each field that covers the offset. Types may be
 * damaged: each way and the number of ways have limits.
 */
#include <stdio.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "types/entry.h"
#include "types/rules.h"
#include "types/store.h"
#include "types/walk.h"

#define DEPTH_MAX 48
#define STEPS_MAX 4096

struct walk {
	struct report *report;
	const struct type *root;
	size_t n, steps;
	struct leaf *leaves;
};

/* What is known on the way to a word. */
struct way_down {
	char path[256];
	const char *smart;
	const struct rule *rule;   /* the class that decides, */
	const struct type *holder; /* and its type; or NULL */
	const char *field;	   /* the last field's own name */
	bool hides;		   /* the fields of this record are not named */
};

static void down(struct walk *walk, const struct type *type, uint64_t offset,
		 const struct way_down *way, int depth);

static void path_add(struct way_down *way, const char *form, const char *name)
{
	size_t n = strlen(way->path);

	snprintf(way->path + n, sizeof(way->path) - n, form, name);
}

/* Rust calls the fields of tuples __0, __1; gcc what a lambda has captured,
 * __name. */
static void name_add(struct way_down *way, const char *name)
{
	if (!strncmp(name, "__", 2) && name[2] >= '0' && name[2] <= '9' &&
	    !name[2 + strspn(name + 2, "0123456789")])
		name += 2;
	path_add(way, way->path[0] ? ".%s" : "%s", name);
}

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

static void pointer_end(struct walk *walk, const struct type *type,
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

/* A class of which only the name is known: any word may be a pointer. */
static void declared_end(struct walk *walk, const struct way_down *way)
{
	struct leaf *leaf = leaf_add(walk, way);

	if (!leaf)
		return;
	leaf->is_pointer = true;
	if (way->rule)
		leaf->ownership = way->rule->ownership;
}

/* The rule begins here, unless an outer one decides. */
static void rule_enter(struct walk *walk, struct way_down *way,
		       const struct rule *rule, const struct type *type)
{
	if (way->rule)
		return;
	if (rule->name && rule->way != WAY_SHOW)
		way->smart = rule->name;
	else if (rule->head && rule->head[0] == '*' && type->name)
		way->smart = report_copy(walk->report, type->name,
					 strcspn(type->name, "<"));
	switch (rule->way) {
	case WAY_POINTER:
	case WAY_CONTAINER:
	case WAY_NODE:
	case WAY_APART:
		way->rule = rule;
		way->holder = type;
		break;
	default:
		break;
	}
}

/* Whether the i-th field covers the offset. An array of unknown length does to
 * the end; what is only declared, to the next field. */
static bool covers(const struct type *record, size_t i, uint64_t offset)
{
	const struct type_field *field = &record->fields[i];
	const struct type *type = field->type;

	if (!type || offset < field->offset)
		return false;
	if (type->size)
		return offset - field->offset < type->size;
	if (type->is_declared)
		return offset < (i + 1 < record->fields_n
					 ? record->fields[i + 1].offset
					 : record->size);
	return type->kind == TYPE_ARRAY && !type->length;
}

/* How many fields of that name the type has, with those of its bases. */
static size_t names_count(struct walk *walk, const struct type *type,
			  const char *name, int depth)
{
	size_t i, n = 0;

	for (i = 0; i < type->fields_n && depth < DEPTH_MAX; i++) {
		const struct type_field *field = &type->fields[i];

		if (++walk->steps > STEPS_MAX)
			break;
		if (field->name)
			n += !strcmp(field->name, name);
		else if (field->type && field->type->kind == TYPE_RECORD)
			n += names_count(walk, field->type, name, depth + 1);
	}
	return n;
}

/* Bases are not named, unless a name of theirs is there twice. whole: the
 * class of the object of which type is a base. */
static void field_name_add(struct walk *walk, struct way_down *way,
			   const struct type *type, const struct type *whole,
			   const struct type_field *field)
{
	char name[200];

	if (whole != type && type->name &&
	    names_count(walk, whole, field->name, 0) > 1) {
		const char *last = type->name + strlen(type->name);

		while (last > type->name && last[-1] != ':' &&
		       !strchr(last, '>'))
			last--;
		snprintf(name, sizeof(name), "%s::%s", last, field->name);
		name_add(way, name);
	} else if (type->is_closure && !strncmp(field->name, "__", 2)) {
		name_add(way, field->name + 2);
	} else {
		name_add(way, field->name);
	}
}

static void record_down(struct walk *walk, const struct type *type,
			const struct type *whole, uint64_t offset,
			const struct way_down *way, int depth)
{
	const struct rule *rule = rule_of(type);
	struct way_down inner = *way;
	const char *shown;
	size_t i;

	if (++walk->steps > STEPS_MAX)
		return;
	rule_enter(walk, &inner, rule, type);
	if (type->is_declared)
		declared_end(walk, &inner);
	if (type->full) /* else it is part of the one around it */
		inner.hides = rule->way != WAY_OPEN;
	if (rule->way == WAY_ARGUMENT && type_argument(type, 0)) {
		down(walk, type_argument(type, 0), offset, &inner, depth + 1);
		return;
	}
	if (rule->way == WAY_SHOW && !inner.rule &&
	    (shown = rule_text(walk->report, rule->name, strlen(rule->name),
			       type->full)))
		name_add(&inner, shown);
	for (i = 0; i < type->fields_n; i++) {
		const struct type_field *field = &type->fields[i];
		struct way_down next = inner;

		if (!covers(type, i, offset))
			continue;
		if (field->name) {
			next.field = field->name;
			if (!inner.hides && !next.rule)
				field_name_add(walk, &next, type, whole, field);
		}
		if (!field->name && field->type->kind == TYPE_RECORD &&
		    depth < DEPTH_MAX)
			record_down(walk, field->type,
				    inner.hides ? field->type : whole,
				    offset - field->offset, &next, depth + 1);
		else
			down(walk, field->type, offset - field->offset, &next,
			     depth + 1);
	}
}

static void array_down(struct walk *walk, const struct type *type,
		       uint64_t offset, const struct way_down *way, int depth)
{
	const struct type *of = type_target(type);
	struct way_down inner = *way;
	char index[32];

	if (!of || !of->size ||
	    (type->length && offset / of->size >= type->length))
		return;
	if (!inner.rule) {
		snprintf(index, sizeof(index), "[%llu]",
			 (unsigned long long)(offset / of->size));
		path_add(&inner, "%s", index);
	}
	down(walk, of, offset % of->size, &inner, depth + 1);
}

/* Numbers of eight bytes, and text, may hold addresses. */
static void number_end(struct walk *walk, const struct type *type,
		       const struct way_down *way)
{
	struct leaf *leaf;

	if ((type->size == 8 && type->is_integral) || type->size == 1) {
		leaf = leaf_add(walk, way);
		if (leaf && way->rule)
			leaf->ownership = way->rule->ownership;
	}
}

static void down(struct walk *walk, const struct type *type, uint64_t offset,
		 const struct way_down *way, int depth)
{
	struct way_down inner = *way;

	if (!type || depth >= DEPTH_MAX || ++walk->steps > STEPS_MAX)
		return;
	switch (type->kind) {
	case TYPE_RECORD:
		record_down(walk, type, type, offset, way, depth);
		break;
	case TYPE_ARRAY:
		array_down(walk, type, offset, way, depth);
		break;
	case TYPE_POINTER:
		rule_enter(walk, &inner, rule_of(type), type);
		if (!offset)
			pointer_end(walk, type, &inner);
		break;
	case TYPE_SCALAR:
		number_end(walk, type, way);
		break;
	case TYPE_CODE:
		break;
	}
}

size_t leaves_find(struct report *report, const struct type *type,
		   uint64_t offset, struct leaf leaves[LEAVES_MAX])
{
	struct walk walk = {.report = report, .root = type, .leaves = leaves};
	static const struct way_down start;

	down(&walk, type, offset, &start, 0);
	return walk.n;
}
