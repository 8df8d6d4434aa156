/*
 * See attribute.h.
 */
#include <dwarf.h>

#include "debug/attribute.h"

#define CHAIN_MAX 64 /* typedefs and qualifiers of one type */

bool entry_number(Dwarf_Die *entry, unsigned name, uint64_t *number)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;
	Dwarf_Op *ops;
	size_t n;

	if (!dwarf_attr(entry, name, &attribute))
		return false;
	if (!dwarf_formudata(&attribute, &value)) {
		*number = value;
		return true;
	}
	if (dwarf_getlocation(&attribute, &ops, &n) || n != 1 ||
	    ops[0].atom != DW_OP_plus_uconst)
		return false;
	*number = ops[0].number;
	return true;
}

bool entry_flag(Dwarf_Die *entry, unsigned name)
{
	Dwarf_Attribute attribute;
	bool flag = false;

	return dwarf_attr(entry, name, &attribute) &&
	       !dwarf_formflag(&attribute, &flag) && flag;
}

bool entry_reference(Dwarf_Die *entry, unsigned name, Dwarf_Die *other)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(entry, name, &attribute) &&
	       dwarf_formref_die(&attribute, other);
}

static bool is_alias(int tag)
{
	switch (tag) {
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
	case DW_TAG_immutable_type:
	case DW_TAG_packed_type:
	case DW_TAG_shared_type:
		return true;
	default:
		return false;
	}
}

/* The attribute that leads on; 0: the entry is no alias. What stands for a type
 * in a unit of its own has a signature. */
static unsigned alias_attribute(Dwarf_Die *entry)
{
	if (is_alias(dwarf_tag(entry)))
		return DW_AT_type;
	return dwarf_hasattr(entry, DW_AT_signature) ? DW_AT_signature : 0;
}

bool entry_behind(Dwarf_Die *entry, Dwarf_Die *named)
{
	unsigned attribute;
	int i;

	named->addr = NULL;
	for (i = 0; (attribute = alias_attribute(entry)); i++) {
		if (dwarf_tag(entry) == DW_TAG_typedef)
			*named = *entry;
		if (i == CHAIN_MAX || !entry_reference(entry, attribute, entry))
			return false;
	}
	return true;
}
