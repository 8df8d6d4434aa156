/*
 * See record.h. A field that the compiler added for the vtable is not listed.
 * Each variant of a Rust enum is a field, all at one place.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "model/memory.h"
#include "model/type.h"
#include "symbols/scope.h"
#include "symbols/place.h"
#include "debug/attribute.h"
#include "debug/record.h"
#include "debug/store.h"

#define DEPTH_MAX 8	       /* of variants and packs in each other */
#define FIELDS_MAX (1ul << 16) /* limits for damaged files */

struct making {
	struct known_type *known;
	type_of_fn *type_of;
	size_t room, arguments_room;
	struct type_field *fields;
};

static void *grown(struct making *making, void *list, size_t n, size_t *room,
		   size_t size)
{
	void *larger;

	if (n < *room)
		return list;
	*room = *room ? 2 * *room : 8;
	larger = report_take(making->known->report, *room, size);
	if (n)
		memcpy(larger, list, n * size);
	return larger;
}

static struct type_field *field_add(struct making *making)
{
	struct type *type = &making->known->type;

	if (type->fields_n == FIELDS_MAX)
		return NULL;
	making->fields = grown(making, making->fields, type->fields_n,
			       &making->room, sizeof(struct type_field));
	return &making->fields[type->fields_n++];
}

/* False: it is at no fixed place, like a virtual base. */
static bool offset_read(Dwarf_Die *entry, uint64_t *offset)
{
	Dwarf_Attribute attribute;

	if (dwarf_attr(entry, DW_AT_data_member_location, &attribute))
		return entry_number(entry, DW_AT_data_member_location, offset);
	if (entry_number(entry, DW_AT_data_bit_offset, offset))
		*offset /= 8;
	else
		*offset = 0; /* of a union */
	return true;
}

static void member_take(struct making *making, Dwarf_Die *entry, bool variant)
{
	struct known_type *known = making->known;
	bool is_base = dwarf_tag(entry) == DW_TAG_inheritance;
	const char *name = die_name(entry);
	struct type_field *field;
	uint64_t offset, virtuality;

	if (name && !strncmp(name, "_vptr", 5)) {
		known->type.is_polymorphic = true;
		return;
	}
	if (is_base && entry_number(entry, DW_AT_virtuality, &virtuality)) {
		known->type.has_gaps = known->type.is_polymorphic = true;
		return;
	}
	if (entry_flag(entry, DW_AT_declaration) || /* static */
	    !offset_read(entry, &offset) || offset > INT64_MAX ||
	    !(field = field_add(making)))
		return;
	field->offset = offset;
	field->is_base = is_base;
	field->is_variant = variant;
	if (name && *name && !is_base)
		field->name = name_keep(known->report, name);
	field->type = making->type_of(known->report, known->symbols, entry);
	if (is_base && field->type) {
		known->type.is_polymorphic |= field->type->is_polymorphic;
		known->type.has_gaps |= field->type->has_gaps;
	}
}

static void argument_take(struct making *making, Dwarf_Die *entry)
{
	struct known_type *known = making->known;
	size_t n = known->type.arguments_n;

	if (n == FIELDS_MAX)
		return;
	known->arguments =
		grown(making, known->arguments, n, &making->arguments_room,
		      sizeof(*known->arguments));
	if (dwarf_tag(entry) != DW_TAG_template_type_parameter ||
	    !entry_reference(entry, DW_AT_type, &known->arguments[n].entry))
		known->arguments[n].entry.addr = NULL;
	known->type.arguments_n++;
}

static void children_take(struct making *making, Dwarf_Die *parent,
			  bool variant, int depth);

/* The variants, but not the number that tells which one it is. */
static void variants_take(struct making *making, Dwarf_Die *part, int depth)
{
	Dwarf_Die child;

	if (depth == DEPTH_MAX || dwarf_child(part, &child))
		return;
	do {
		if (dwarf_tag(&child) == DW_TAG_variant)
			children_take(making, &child, true, depth + 1);
	} while (!dwarf_siblingof(&child, &child));
}

static bool is_call(Dwarf_Die *function)
{
	const char *name = die_name(function);

	return name && !strcmp(name, "operator()");
}

static void children_take(struct making *making, Dwarf_Die *parent,
			  bool variant, int depth)
{
	Dwarf_Die child;

	if (depth == DEPTH_MAX || dwarf_child(parent, &child))
		return;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_inheritance:
		case DW_TAG_member:
			member_take(making, &child, variant);
			break;
		case DW_TAG_template_type_parameter:
		case DW_TAG_template_value_parameter:
		case DW_TAG_GNU_template_template_param:
			argument_take(making, &child);
			break;
		case DW_TAG_GNU_template_parameter_pack:
			children_take(making, &child, false, depth + 1);
			break;
		case DW_TAG_subprogram:
			if (!making->known->type.name && !depth &&
			    is_call(&child))
				making->known->type.is_closure = true;
			break;
		case DW_TAG_variant_part:
			variants_take(making, &child, depth + 1);
			break;
		}
	} while (!dwarf_siblingof(&child, &child));
}

/* Stable: what stands at one offset keeps its order. */
static void fields_sort(struct type_field *fields, size_t n)
{
	size_t i, k;

	for (i = 1; i < n; i++) {
		struct type_field field = fields[i];

		for (k = i; k && fields[k - 1].offset > field.offset; k--)
			fields[k] = fields[k - 1];
		fields[k] = field;
	}
}

void record_load(struct known_type *known, Dwarf_Die *entry,
		 type_of_fn *type_of)
{
	struct making making = {.known = known, .type_of = type_of};
	struct type *type = &known->type;

	type->kind = TYPE_RECORD;
	type->is_union = dwarf_tag(entry) == DW_TAG_union_type;
	/* clang's lambdas are classes, and may have no function left. */
	type->is_closure = !type->name && type->language == LANGUAGE_CXX &&
			   dwarf_tag(entry) == DW_TAG_class_type;
	type->is_declared = entry_flag(entry, DW_AT_declaration);
	children_take(&making, entry, false, 0);
	fields_sort(making.fields, type->fields_n);
	type->fields = making.fields;
}
