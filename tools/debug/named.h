/*
 * Types by their names.
 */
#ifndef NAMED_H
#define NAMED_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct symbols;

/* The entry of that name that defines a type; see type_by_name(). */
bool named_find(struct symbols *symbols, const char *name, uint64_t size,
		Dwarf_Die *entry);

typedef void named_fn(void *data, Dwarf_Die *entry, uint64_t size);

/* Calls for every entry of the module that defines a type with a name, once for
 * each name and size. */
void named_each(struct symbols *symbols, named_fn *fn, void *data);

#endif
