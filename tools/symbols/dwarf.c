/*
 * Debug information: the functions that were inlined at an address, and the
 * lines from which they were called.
 */
#include <dwarf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/model.h"
#include "symbols/dwarf.h"
#include "symbols/functions.h"
#include "symbols/place.h"
#include "symbols/scope.h"
#include "symbols/symbols.h"

/* Functions that no other unit sees have no linkage name in gcc's debug
 * information, so that their namespace has to be looked for. */
static const char *local_name(struct report *report, struct symbols *symbols,
			      Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin = *die;
	const char *name = NULL;
	char *full;

	if (dwarf_attr(die, DW_AT_abstract_origin, &attribute) &&
	    !dwarf_formref_die(&attribute, &origin))
		origin = *die;
	full = die_full_name(symbols, &origin);
	if (full)
		name = name_keep(report, full);
	free(full);
	return name;
}

const char *function_symbol(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;

	if (dwarf_attr_integrate(function, DW_AT_linkage_name, &attribute) ||
	    dwarf_attr_integrate(function, DW_AT_MIPS_linkage_name, &attribute))
		return name_or_none(dwarf_formstring(&attribute));
	return NULL;
}

const char *function_name(struct report *report, struct symbols *symbols,
			  Dwarf_Die *function)
{
	const char *name = function_symbol(function);

	return name ? name_demangle(report, name)
		    : local_name(report, symbols, function);
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

/* Where the function begins; 0: unknown. */
static int first_line(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;
	Dwarf_Word line;

	if (!dwarf_attr_integrate(function, DW_AT_decl_line, &attribute) ||
	    dwarf_formudata(&attribute, &line) || line > INT_MAX)
		return 0;
	return (int)line;
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

/* The file in which the function is defined, or NULL. */
static const char *home(struct report *report, Dwarf_Die *cu,
			Dwarf_Die *function)
{
	const char *name = dwarf_decl_file(function);

	return name ? file_name(report, cu, name) : NULL;
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
	caller->column = (int)attribute_number(inlined, DW_AT_call_column);
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
	if (line && dwarf_linecol(line, &symbol->column))
		symbol->column = 0;
}

struct place *dwarf_place(struct report *report, struct symbols *symbols,
			  uint64_t address)
{
	Dwarf_Die function, chain[SCOPES_MAX], cu;
	struct place *place;
	Dwarf_Addr bias;
	size_t n = 0, i;

	if (!unit_at(symbols, address, &cu, &bias))
		return NULL;
	if (function_at(symbols, &cu, address - bias, &function))
		n = scopes_at(&function, address - bias, chain);
	place = place_new(report, n ? n : 1);
	line_find(report, &cu, address - bias, &place->symbols[0]);
	for (i = 0; i < n; i++) { /* innermost first */
		Dwarf_Die *scope = &chain[n - 1 - i];

		place->symbols[i].function =
			function_name(report, symbols, scope);
		place->symbols[i].first_line = first_line(scope);
		place->symbols[i].home = home(report, &cu, scope);
		place->symbols[i].inlined = i + 1 < n;
		if (i + 1 < n)
			call_site(report, &cu, scope, &place->symbols[i + 1]);
	}
	return place;
}
