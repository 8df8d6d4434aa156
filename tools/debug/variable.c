/*
 * See variable.h. The symbol table knows the name and where it begins, debug
 * information the type. Variables inside of functions are found by their names
 * alone: debug information lists them with their functions.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <string.h>

#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/modules.h"
#include "symbols/place.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"
#include "debug/entry.h"
#include "debug/variable.h"

#define DEPTH_MAX 8	       /* namespaces in each other */
#define ENTRIES_MAX (1u << 22) /* for damaged files, and huge ones */

struct search {
	uint64_t address; /* of debug information */
	unsigned entries;
	Dwarf_Die found;
};

static bool begins_at(Dwarf_Die *entry, uint64_t address)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *ops;
	size_t n;

	if (!dwarf_attr(entry, DW_AT_location, &attribute) ||
	    dwarf_getlocation(&attribute, &ops, &n) || n != 1)
		return false;
	if (ops[0].atom == DW_OP_addr)
		return ops[0].number == address;
	if (ops[0].atom == DW_OP_addrx &&
	    !dwarf_getlocation_attr(&attribute, ops, &attribute)) {
		Dwarf_Addr at;

		return !dwarf_formaddr(&attribute, &at) && at == address;
	}
	return false;
}

static bool search_in(struct search *search, Dwarf_Die *parent, int depth)
{
	Dwarf_Die child;

	if (depth == DEPTH_MAX || dwarf_child(parent, &child))
		return false;
	do {
		if (search->entries++ > ENTRIES_MAX)
			return false;
		if (dwarf_tag(&child) == DW_TAG_variable &&
		    begins_at(&child, search->address)) {
			search->found = child;
			return true;
		}
		if (dwarf_tag(&child) == DW_TAG_namespace &&
		    search_in(search, &child, depth + 1))
			return true;
	} while (!dwarf_siblingof(&child, &child));
	return false;
}

static const struct type *type_at(struct report *report,
				  struct symbols *symbols, uint64_t address)
{
	struct search search = {0};
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(symbols->module, &bias);
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;

	search.address = address - bias;
	while (dwarf &&
	       !dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL))
		if (search_in(&search, &unit, 0))
			return type_of_owner(report, symbols, &search.found);
	return NULL;
}

/* "cache.0" is a static variable of a function, as gcc names it. */
static const char *source_name(struct report *report, const char *name)
{
	const char *plain = name_demangle(report, name);
	const char *dot = strrchr(plain, '.');

	if (!dot || dot == plain || !dot[1] ||
	    dot[1 + strspn(dot + 1, "0123456789")])
		return plain;
	return report_copy(report, plain, (size_t)(dot - plain));
}

const char *variable_name(struct report *report, const struct frame *place)
{
	struct symbols *symbols = symbols_of(report, place->module);
	const char *name = symbols->module
				   ? entry_name(symbols, place->address, true)
				   : NULL;

	return name ? source_name(report, name) : NULL;
}

struct variable_found variable_at(struct report *report,
				  const struct frame *place)
{
	struct variable_found found = {0};
	struct symbols *symbols = symbols_of(report, place->module);
	const struct entry *entry;

	if (!symbols->module)
		return found;
	entry = entry_at(symbols, place->address, true);
	if (!entry)
		return found;
	found.name = source_name(report, entry->name);
	found.inside = place->address - entry->start;
	found.type = type_at(report, symbols, entry->start);
	if (found.type && found.inside >= found.type->size)
		found.type = NULL;
	return found;
}
