/*
 * Debug information: the functions that were inlined at an address, and the
 * lines from which they were called. libdw's own search for the scopes of an
 * address walks the unit anew each time, which takes tens of milliseconds in
 * large C++ units. This lists each unit's functions once.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/model.h"
#include "symbols/dwarf.h"
#include "symbols/place.h"
#include "symbols/symbols.h"

#define DEPTH_MAX 64 /* scopes in each other: a limit for damaged files */

static void range_add(struct unit *unit, Dwarf_Off function, uint64_t start,
		      uint64_t end)
{
	if (unit->n == unit->room) {
		unit->room = unit->room ? 2 * unit->room : 64;
		unit->ranges = realloc(unit->ranges,
				       unit->room * sizeof(*unit->ranges));
		if (!unit->ranges)
			die(STATUS_FAILED, "out of memory");
	}
	unit->ranges[unit->n].start = start;
	unit->ranges[unit->n].end = end;
	unit->ranges[unit->n++].function = function;
}

static void function_add(struct unit *unit, Dwarf_Die *function)
{
	Dwarf_Off offset = dwarf_dieoffset(function);
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(function, at, &base, &start, &end)) > 0)
		range_add(unit, offset, start, end);
}

/* Functions are at the top, in namespaces, and in classes. */
static void functions_list(struct unit *unit, Dwarf_Die *parent, int depth)
{
	Dwarf_Die die;

	if (depth == DEPTH_MAX || dwarf_child(parent, &die))
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_subprogram:
			function_add(unit, &die);
			break;
		case DW_TAG_namespace:
		case DW_TAG_module:
		case DW_TAG_class_type:
		case DW_TAG_structure_type:
			functions_list(unit, &die, depth + 1);
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->start == y->start ? 0 : x->start < y->start ? -1 : 1;
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
	functions_list(unit, cu, 0);
	if (unit->n)
		qsort(unit->ranges, unit->n, sizeof(*unit->ranges), by_start);
	HASH_ADD(hh, symbols->units, offset, sizeof(unit->offset), unit);
	return unit;
}

static bool function_find(struct unit *unit, Dwarf *dwarf, uint64_t address,
			  Dwarf_Die *function)
{
	size_t low = 0, high = unit->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (unit->ranges[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < unit->ranges[low - 1].end &&
	       dwarf_offdie(dwarf, unit->ranges[low - 1].function, function);
}

/* The unit of an address. Without .debug_aranges, which clang does not write,
 * it walks all units. */
static Dwarf_Die *cu_find(Dwfl_Module *module, uint64_t address,
			  Dwarf_Addr *bias)
{
	Dwarf_Die *cu = dwfl_module_addrdie(module, address, bias);

	if (cu)
		return cu;
	while ((cu = dwfl_module_nextcu(module, cu, bias)))
		if (dwarf_haspc(cu, address - *bias) > 0)
			break;
	return cu;
}

static const char *die_name(struct report *report, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *name = NULL;

	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute) ||
	    dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute))
		name = dwarf_formstring(&attribute);
	if (name)
		return name_demangle(report, name);
	if (dwarf_attr_integrate(die, DW_AT_name, &attribute))
		name = dwarf_formstring(&attribute);
	return name ? name_keep(report, name) : NULL;
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

/* chain[0] is the function; the ones inlined follow, outermost first. */
static size_t chain_find(Dwarf_Die *function, uint64_t address,
			 Dwarf_Die chain[DEPTH_MAX])
{
	Dwarf_Die scope = *function, inner;
	size_t n = 0, depth;

	chain[n++] = *function;
	for (depth = 1; depth < DEPTH_MAX; depth++) {
		if (!scope_inside(&scope, address, &inner))
			break;
		scope = inner;
		if (dwarf_tag(&scope) == DW_TAG_inlined_subroutine)
			chain[n++] = scope;
	}
	return n;
}

static long attribute_number(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	if (!dwarf_attr(die, name, &attribute) ||
	    dwarf_formudata(&attribute, &value))
		return 0;
	return (long)value;
}

/* The path without "." and "..". A relative one is relative to the directory of
 * the compilation. */
static const char *file_name(struct report *report, Dwarf_Die *cu,
			     const char *name)
{
	Dwarf_Attribute attribute;
	const char *base = "", *p;
	char *whole, *to;
	const char *kept;

	if (name[0] != '/' && dwarf_attr(cu, DW_AT_comp_dir, &attribute) &&
	    !(base = dwarf_formstring(&attribute)))
		base = "";
	if (asprintf(&whole, "%s%s%s", base, *base ? "/" : "", name) < 0)
		die(STATUS_FAILED, "out of memory");
	if (whole[0] != '/') {
		kept = name_keep(report, whole);
		free(whole);
		return kept;
	}
	for (p = to = whole; *p;) { /* here *p is a slash, and to <= p */
		size_t n;

		p += strspn(p, "/");
		n = strcspn(p, "/");
		if (n == 2 && !strncmp(p, "..", 2)) {
			while (to > whole && *--to != '/')
				;
		} else if (n && !(n == 1 && *p == '.')) {
			*to++ = '/';
			memmove(to, p, n);
			to += n;
		}
		p += n;
	}
	*to = '\0';
	kept = name_keep(report, whole);
	free(whole);
	return kept;
}

/* Where an inlined function was called: that is where its caller is. */
static void call_site(struct report *report, Dwarf_Die *cu, Dwarf_Die *inlined,
		      struct symbol *caller)
{
	long file = attribute_number(inlined, DW_AT_call_file);
	const char *name = NULL;
	Dwarf_Files *files;
	size_t n;

	if (!dwarf_getsrcfiles(cu, &files, &n) && file >= 0 && (size_t)file < n)
		name = dwarf_filesrc(files, (size_t)file, NULL, NULL);
	caller->file = name ? file_name(report, cu, name) : NULL;
	caller->line = (int)attribute_number(inlined, DW_AT_call_line);
}

static void line_find(struct report *report, Dwarf_Die *cu, uint64_t address,
		      struct symbol *symbol)
{
	Dwarf_Line *line = dwarf_getsrc_die(cu, address);
	const char *name = line ? dwarf_linesrc(line, NULL, NULL) : NULL;

	if (name)
		symbol->file = file_name(report, cu, name);
	if (line && dwarf_lineno(line, &symbol->line))
		symbol->line = 0;
}

struct place *dwarf_place(struct report *report, struct symbols *symbols,
			  uint64_t address)
{
	Dwarf_Die function, chain[DEPTH_MAX], *cu;
	struct place *place;
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(symbols->module, &bias);
	size_t n = 0, i;

	cu = dwarf ? cu_find(symbols->module, address, &bias) : NULL;
	if (!cu)
		return NULL;
	if (function_find(unit_find(symbols, cu), dwarf, address - bias,
			  &function))
		n = chain_find(&function, address - bias, chain);
	place = place_new(report, n ? n : 1);
	line_find(report, cu, address - bias, &place->symbols[0]);
	for (i = 0; i < n; i++) { /* innermost first */
		Dwarf_Die *scope = &chain[n - 1 - i];

		place->symbols[i].function = die_name(report, scope);
		place->symbols[i].inlined = i + 1 < n;
		if (i + 1 < n)
			call_site(report, cu, scope, &place->symbols[i + 1]);
	}
	return place;
}
