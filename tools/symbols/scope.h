/*
 * Where an entry of debug information stands: the namespaces, classes and
 * functions around it. libdw has no way upwards.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <elfutils/libdw.h>
#include <stddef.h>

#include "symbols/functions.h"

struct symbols;

/* The entries around entry, outermost first, without the unit's own. How many:
 * at most SCOPES_MAX. */
size_t scopes_of(struct symbols *symbols, Dwarf_Die *entry,
		 Dwarf_Die scopes[SCOPES_MAX]);
/* The name, or NULL where it is so long that no source has it. */
const char *name_or_none(const char *name);
/* Its own name, owned by libdw; NULL: it has none, or one so long that no
 * source has it. */
const char *die_name(Dwarf_Die *entry);
/* The whole name of a type, function or namespace, "app::Club"; without a name
 * of its own: NULL. The caller frees it. */
char *die_full_name(struct symbols *symbols, Dwarf_Die *entry);
void scopes_free(struct symbols *symbols);

#endif
