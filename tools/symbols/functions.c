/*
 * See functions.h. libdw's own search for the scopes of an address walks the
 * unit anew each time, which takes tens of milliseconds in large C++ units, and
 * its search for the unit needs .debug_aranges, which clang does not write.
 * This lists the ranges of a module's units once, and each unit's functions
 * once.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <uthash.h>

#include "common/die.h"
#include "symbols/functions.h"
#include "symbols/symbols.h"

static void range_add(struct ranges *ranges, Dwarf_Off owner, uint64_t start,
		      uint64_t end)
{
	/* What a linker has thrown away starts at 0, or at the end of all. */
	if (!start || start >= end)
		return;
	if (ranges->n == ranges->room) {
		ranges->room = ranges->room ? 2 * ranges->room : 64;
		ranges->list = realloc(ranges->list,
				       ranges->room * sizeof(*ranges->list));
		if (!ranges->list)
			die(STATUS_FAILED, "out of memory");
	}
	ranges->list[ranges->n].start = start;
	ranges->list[ranges->n].end = end;
	ranges->list[ranges->n++].die = owner;
}

/* How many stretches the DIE has. */
static size_t die_add(struct ranges *ranges, Dwarf_Die *die)
{
	Dwarf_Off offset = dwarf_dieoffset(die);
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	size_t n = 0;

	for (; (at = dwarf_ranges(die, at, &base, &start, &end)) > 0; n++)
		range_add(ranges, offset, start, end);
	return n;
}

/* Functions are at the top, in namespaces, and in classes. */
static void functions_list(struct ranges *ranges, Dwarf_Die *parent, int depth)
{
	Dwarf_Die die;

	if (depth == SCOPES_MAX || dwarf_child(parent, &die))
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_subprogram:
			die_add(ranges, &die);
			break;
		case DW_TAG_namespace:
		case DW_TAG_module:
		case DW_TAG_class_type:
		case DW_TAG_structure_type:
			functions_list(ranges, &die, depth + 1);
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end == y->end ? 0 : x->end > y->end ? -1 : 1;
}

static void ranges_sort(struct ranges *ranges)
{
	if (ranges->n)
		qsort(ranges->list, ranges->n, sizeof(*ranges->list), by_start);
}

#define ENCLOSING_MAX 16 /* ranges that may start inside the right one */

/* The innermost one that has address. */
static const struct range *range_find(const struct ranges *ranges,
				      uint64_t address)
{
	size_t low = 0, high = ranges->n, i, looked;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ranges->list[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	for (i = low, looked = 0; i-- > 0 && looked < ENCLOSING_MAX; looked++)
		if (address < ranges->list[i].end)
			return &ranges->list[i];
	return NULL;
}

static struct unit *unit_find(struct symbols *symbols, Dwarf_Die *cu)
{
	Dwarf_Off offset = dwarf_dieoffset(cu);
	struct unit *unit;

	HASH_FIND(hh, symbols->units, &offset, sizeof(offset), unit);
	if (unit)
		return unit;
	unit = calloc(1, sizeof(*unit));
	if (!unit)
		die(STATUS_FAILED, "out of memory");
	unit->offset = offset;
	functions_list(&unit->functions, cu, 0);
	ranges_sort(&unit->functions);
	HASH_ADD(hh, symbols->units, offset, sizeof(unit->offset), unit);
	return unit;
}

static void units_list(struct symbols *symbols, Dwarf *dwarf)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;
	uint8_t type;

	symbols->extents_listed = true;
	while (!dwarf_get_units(dwarf, cu, &cu, NULL, &type, &die, NULL)) {
		if (type != DW_UT_compile && type != DW_UT_skeleton)
			continue;
		if (!die_add(&symbols->extents, &die)) {
			struct ranges *all = &symbols->extents;
			size_t first = all->n;

			functions_list(all, &die, 0);
			for (; first < all->n; first++)
				all->list[first].die = dwarf_dieoffset(&die);
		}
	}
	ranges_sort(&symbols->extents);
}

bool unit_at(struct symbols *symbols, uint64_t address, Dwarf_Die *cu,
	     Dwarf_Addr *bias)
{
	Dwarf *dwarf = dwfl_module_getdwarf(symbols->module, bias);
	const struct range *range;

	if (!dwarf)
		return false;
	if (!symbols->extents_listed)
		units_list(symbols, dwarf);
	range = range_find(&symbols->extents, address - *bias);
	return range && dwarf_offdie(dwarf, range->die, cu);
}

bool function_at(struct symbols *symbols, Dwarf_Die *cu, uint64_t address,
		 Dwarf_Die *function)
{
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(symbols->module, &bias);
	const struct range *range;

	if (!dwarf)
		return false;
	range = range_find(&unit_find(symbols, cu)->functions, address);
	return range && dwarf_offdie(dwarf, range->die, function);
}

static bool is_copy(Dwarf_Die *function, Dwarf_Off abstract)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;

	return dwarf_attr(function, DW_AT_abstract_origin, &attribute) &&
	       dwarf_formref_die(&attribute, &origin) &&
	       dwarf_dieoffset(&origin) == abstract;
}

bool function_copy(struct symbols *symbols, Dwarf_Die *cu, Dwarf_Die *abstract,
		   Dwarf_Die *function)
{
	const struct ranges *all = &unit_find(symbols, cu)->functions;
	Dwarf_Off offset = dwarf_dieoffset(abstract), last = 0;
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(symbols->module, &bias);
	Dwarf_Die die;
	size_t i, n = 0;

	if (!dwarf || !dwarf_hasattr(abstract, DW_AT_inline))
		return false;
	for (i = 0; i < all->n && n < 2; i++) {
		if (all->list[i].die == last ||
		    !dwarf_offdie(dwarf, all->list[i].die, &die) ||
		    !is_copy(&die, offset))
			continue;
		last = all->list[i].die;
		*function = die;
		n++;
	}
	return n == 1;
}

static bool unit_has(struct symbols *symbols, Dwarf *dwarf, Dwarf_Die *cu,
		     bool (*meant)(Dwarf_Die *function), Dwarf_Die *function)
{
	const struct ranges *all = &unit_find(symbols, cu)->functions;
	size_t i;

	for (i = 0; i < all->n; i++)
		if (dwarf_offdie(dwarf, all->list[i].die, function) &&
		    meant(function))
			return true;
	return false;
}

bool function_find(struct symbols *symbols, bool (*meant)(Dwarf_Die *function),
		   Dwarf_Die *function)
{
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(symbols->module, &bias);
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;

	while (dwarf &&
	       !dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &die, NULL))
		if (unit_has(symbols, dwarf, &die, meant, function))
			return true;
	return false;
}

/* Finds the scope inside parent that has address, into *scope; false: there is
 * none. */
static bool scope_inside(Dwarf_Die *parent, uint64_t address, Dwarf_Die *scope)
{
	if (dwarf_child(parent, scope))
		return false;
	do {
		switch (dwarf_tag(scope)) {
		case DW_TAG_lexical_block:
		case DW_TAG_inlined_subroutine:
		case DW_TAG_try_block:
		case DW_TAG_catch_block:
			if (dwarf_haspc(scope, address) > 0)
				return true;
		}
	} while (!dwarf_siblingof(scope, scope));
	return false;
}

size_t scopes_at(Dwarf_Die *function, uint64_t address,
		 Dwarf_Die chain[SCOPES_MAX])
{
	Dwarf_Die scope = *function, inner;
	size_t n = 0, depth;

	chain[n++] = *function;
	for (depth = 1; depth < SCOPES_MAX; depth++) {
		if (!scope_inside(&scope, address, &inner))
			break;
		scope = inner;
		if (dwarf_tag(&scope) == DW_TAG_inlined_subroutine)
			chain[n++] = scope;
	}
	return n;
}
