/*
 * Where an entry of debug information stands: the namespaces, classes and
 * functions around it. libdw has no way upwards.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <elfutils/libdw.h>

struct store;

#define SCOPES_MAX 64 /* in each other: a limit for damaged files */

/* The entries around entry, outermost first, without the unit's own. How many:
 * at most SCOPES_MAX. */
size_t scopes_of(struct store *store, Dwarf_Die *entry,
		 Dwarf_Die scopes[SCOPES_MAX]);
/* The whole name of a type or namespace, "app::Club"; without a name of its
 * own: NULL. The caller frees it. */
char *die_full_name(struct store *store, Dwarf_Die *entry);

#endif
