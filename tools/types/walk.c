/*
 * See walk.h. One way down for each field that covers the offset. Types may be
 * damaged: each way and the number of ways have limits.
 */
#include <stdio.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "types/ends.h"
#include "debug/entry.h"
#include "types/leaf.h"
#include "types/rules.h"
#include "types/walk.h"

#define DEPTH_MAX 48
#define STEPS_MAX 4096

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
		leaf_of_declared(walk, &inner);
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
			leaf_of_pointer(walk, type, &inner);
		break;
	case TYPE_SCALAR:
		leaf_of_number(walk, type, way);
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
