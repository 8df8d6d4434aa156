/*
 * See entry.h. Debug information may be damaged: an entry may be its own type
 * or part of itself. So each entry is noted before it is read, and every way
 * has a limit.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "model/type.h"
#include "symbols/symbols.h"
#include "debug/attribute.h"
#include "debug/entry.h"
#include "debug/label.h"
#include "debug/named.h"
#include "debug/record.h"
#include "symbols/scope.h"
#include "debug/store.h"

#define DEPTH_MAX 64 /* types in types */

static enum language language_of(Dwarf_Die *entry)
{
	Dwarf_Die unit;

	switch (dwarf_diecu(entry, &unit, NULL, NULL) ? dwarf_srclang(&unit)
						      : -1) {
	case DW_LANG_C:
	case DW_LANG_C89:
	case DW_LANG_C99:
	case DW_LANG_C11:
		return LANGUAGE_C;
	case DW_LANG_C_plus_plus:
	case DW_LANG_C_plus_plus_03:
	case DW_LANG_C_plus_plus_11:
	case DW_LANG_C_plus_plus_14:
	case 0x2b: /* C++17 */
	case 0x2c: /* C++20 */
		return LANGUAGE_CXX;
	case DW_LANG_Rust:
		return LANGUAGE_RUST;
	default: /* also a unit that several others share */
		return LANGUAGE_UNKNOWN;
	}
}

static bool is_record_tag(int tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
	       tag == DW_TAG_union_type;
}

/* The definition of what is only declared; itself when there is none. */
static void complete(struct symbols *symbols, Dwarf_Die *entry)
{
	Dwarf_Die other;
	char *full;

	if (!is_record_tag(dwarf_tag(entry)) ||
	    !entry_flag(entry, DW_AT_declaration))
		return;
	full = die_full_name(symbols, entry);
	if (full && named_find(symbols, full, 0, &other))
		*entry = other;
	free(full);
}

static void pointer_load(struct known_type *known, Dwarf_Die *entry)
{
	struct type *type = &known->type;

	type->kind = TYPE_POINTER;
	type->is_reference = dwarf_tag(entry) != DW_TAG_pointer_type;
	if (!type->size)
		type->size = 8;
	label_take(known, entry); /* Rust's have names */
	if (!entry_reference(entry, DW_AT_type, &known->target))
		known->target.addr = NULL;
	if (type->name) {
		type->is_reference = type->name[0] == '&';
		return;
	}
	label_pointer(known);
}

static uint64_t subrange_length(Dwarf_Die *subrange)
{
	uint64_t number, lower;

	if (entry_number(subrange, DW_AT_count, &number))
		return number;
	if (!entry_number(subrange, DW_AT_upper_bound, &number))
		return 0;
	if (!entry_number(subrange, DW_AT_lower_bound, &lower))
		lower = 0;
	return number >= lower ? number - lower + 1 : 0; /* [-1]: none */
}

static const struct type *array_make(struct known_type *known,
				     const struct type *of, uint64_t length)
{
	struct type *type = &known->type;

	type->kind = TYPE_ARRAY;
	type->language = of->language;
	type->length = length;
	if (__builtin_mul_overflow(length, of->size, &type->size))
		type->size = type->length = 0;
	known->target_asked = true;
	known->target_type = of;
	label_array(known, of);
	return type;
}

const struct type *type_array(const struct type *of, uint64_t length)
{
	const struct known_type *owner = (const void *)of;

	return array_make(type_new(owner->report, owner->symbols), of, length);
}

/* int[3][4] is one entry with two subranges. */
static void array_load(struct known_type *known, Dwarf_Die *entry)
{
	uint64_t lengths[8];
	const struct type *of =
		type_of_owner(known->report, known->symbols, entry);
	size_t n = 0;
	Dwarf_Die child;

	known->type.kind = TYPE_ARRAY;
	known->target_asked = true;
	if (!of)
		return;
	if (!dwarf_child(entry, &child))
		do {
			if (dwarf_tag(&child) == DW_TAG_subrange_type && n < 8)
				lengths[n++] = subrange_length(&child);
		} while (!dwarf_siblingof(&child, &child));
	while (n > 1)
		of = type_array(of, lengths[--n]);
	array_make(known, of, n ? lengths[0] : 0);
}

static void scalar_load(struct known_type *known, Dwarf_Die *entry)
{
	uint64_t encoding = DW_ATE_signed;

	known->type.kind = TYPE_SCALAR;
	if (dwarf_tag(entry) == DW_TAG_base_type &&
	    !entry_number(entry, DW_AT_encoding, &encoding))
		encoding = DW_ATE_float;
	known->type.is_integral =
		encoding == DW_ATE_signed || encoding == DW_ATE_unsigned;
	label_take(known, entry);
}

static void entry_load(struct known_type *known, Dwarf_Die *entry)
{
	known->type.language = language_of(entry);
	if (!entry_number(entry, DW_AT_byte_size, &known->type.size))
		known->type.size = 0;
	switch (dwarf_tag(entry)) {
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		pointer_load(known, entry);
		break;
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		label_take(known, entry);
		record_load(known, entry, type_of_owner);
		if (known->type.is_closure)
			label_closure(known, entry);
		break;
	case DW_TAG_array_type:
		array_load(known, entry);
		break;
	case DW_TAG_subroutine_type:
		known->type.kind = TYPE_CODE;
		break;
	default:
		scalar_load(known, entry);
	}
}

static const struct type *load(struct report *report, struct symbols *symbols,
			       Dwarf_Die *entry)
{
	static int depth;
	struct store *store = store_of(symbols);
	const void *key = entry->addr;
	struct known_type *known;

	HASH_FIND_PTR(store->known, &key, known);
	if (known)
		return &known->type;
	if (depth == DEPTH_MAX)
		return NULL;
	known = type_new(report, symbols);
	known->key = key;
	HASH_ADD_PTR(store->known, key, known);
	depth++;
	entry_load(known, entry);
	depth--;
	return &known->type;
}

const struct type *type_of_die(struct report *report, struct symbols *symbols,
			       Dwarf_Die *entry)
{
	const struct type *type;
	struct known_type *known;
	Dwarf_Die at = *entry, named;

	if (!entry_behind(&at, &named))
		return NULL;
	complete(symbols, &at);
	type = load(report, symbols, &at);
	known = (struct known_type *)type;
	if (type && !type->name && named.addr && type->kind != TYPE_CODE)
		label_take(known, &named);
	return type;
}

const struct type *type_of_owner(struct report *report, struct symbols *symbols,
				 Dwarf_Die *owner)
{
	Dwarf_Die entry;
	Dwarf_Attribute attribute;

	if (!dwarf_attr_integrate(owner, DW_AT_type, &attribute) ||
	    !dwarf_formref_die(&attribute, &entry))
		return NULL;
	return type_of_die(report, symbols, &entry);
}

const struct type *type_target(const struct type *type)
{
	struct known_type *known = (struct known_type *)type;

	if (!known->target_asked) {
		known->target_asked = true;
		if (known->target.addr)
			known->target_type = type_of_die(
				known->report, known->symbols, &known->target);
	}
	return known->target_type;
}

const struct type *type_argument(const struct type *type, size_t i)
{
	struct known_type *known = (struct known_type *)type;
	struct argument *argument;

	if (i >= type->arguments_n)
		return NULL;
	argument = &known->arguments[i];
	if (!argument->asked) {
		argument->asked = true;
		if (argument->entry.addr)
			argument->type =
				type_of_die(known->report, known->symbols,
					    &argument->entry);
	}
	return argument->type;
}

const struct type *type_by_name(struct report *report, struct symbols *symbols,
				const char *name, uint64_t size)
{
	Dwarf_Die entry;

	return named_find(symbols, name, size, &entry)
		       ? type_of_die(report, symbols, &entry)
		       : NULL;
}
