/*
 * See calls.h. gcc had names of its own for these before DWARF 5.
 */
#include <dwarf.h>

#include "symbols/calls.h"
#include "symbols/functions.h"

bool call_is(Dwarf_Die *entry)
{
	return dwarf_tag(entry) == DW_TAG_call_site ||
	       dwarf_tag(entry) == DW_TAG_GNU_call_site;
}

static bool reference(Dwarf_Die *entry, unsigned name, Dwarf_Die *to)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(entry, name, &attribute) &&
	       dwarf_formref_die(&attribute, to);
}

bool call_target(Dwarf_Die *call, Dwarf_Die *target)
{
	return reference(call, DW_AT_call_origin, target) ||
	       reference(call, DW_AT_abstract_origin, target);
}

bool call_is_jump(Dwarf_Die *call)
{
	return dwarf_hasattr(call, DW_AT_call_tail_call) ||
	       dwarf_hasattr(call, DW_AT_GNU_tail_call);
}

static bool number(Dwarf_Die *entry, unsigned name, uint64_t *value)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(entry, name, &attribute) &&
	       !dwarf_formaddr(&attribute, value);
}

bool call_pc(Dwarf_Die *call, uint64_t *pc)
{
	if (number(call, DW_AT_call_pc, pc))
		return true;
	if (!number(call, DW_AT_call_return_pc, pc) &&
	    !number(call, DW_AT_low_pc, pc))
		return false;
	--*pc;
	return true;
}

static bool find(Dwarf_Die *scope, uint64_t pc, Dwarf_Die *call, int depth)
{
	Dwarf_Die child;
	uint64_t at;

	if (depth == SCOPES_MAX || dwarf_child(scope, &child))
		return false;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_call_site:
		case DW_TAG_GNU_call_site:
			if ((number(&child, DW_AT_call_return_pc, &at) ||
			     number(&child, DW_AT_low_pc, &at)) &&
			    at == pc + 1) {
				*call = child;
				return true;
			}
			break;
		case DW_TAG_lexical_block:
		case DW_TAG_inlined_subroutine:
		case DW_TAG_try_block:
		case DW_TAG_catch_block:
			if (dwarf_haspc(&child, pc) > 0 &&
			    find(&child, pc, call, depth + 1))
				return true;
		}
	} while (!dwarf_siblingof(&child, &child));
	return false;
}

bool call_find(Dwarf_Die *function, uint64_t pc, Dwarf_Die *call)
{
	return find(function, pc, call, 0);
}

bool calls_are_told(Dwarf_Die *function)
{
	return dwarf_hasattr(function, DW_AT_call_all_calls) ||
	       dwarf_hasattr(function, DW_AT_call_all_tail_calls) ||
	       dwarf_hasattr(function, DW_AT_GNU_all_call_sites) ||
	       dwarf_hasattr(function, DW_AT_GNU_all_tail_call_sites);
}
