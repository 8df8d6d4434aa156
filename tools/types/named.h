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

#endif
