/*
 * Structs, classes, unions and Rust's enums.
 */
#ifndef RECORD_H
#define RECORD_H

#include <elfutils/libdw.h>

struct known_type;
struct report;
struct symbols;
struct type;

typedef const struct type *
type_of_fn(struct report *report, struct symbols *symbols, Dwarf_Die *owner);

/* The rest of a type whose size and names are there: its fields, by offset,
 * and what its template's arguments are. type_of loads the type of a field. */
void record_load(struct known_type *known, Dwarf_Die *entry,
		 type_of_fn *type_of);

#endif
