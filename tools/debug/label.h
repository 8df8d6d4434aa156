/*
 * The names that types get.
 */
#ifndef LABEL_H
#define LABEL_H

#include <elfutils/libdw.h>

struct known_type;
struct type;

/* What the entry, a type or a typedef, is called; nothing changes when it has
 * no name. */
void label_take(struct known_type *known, Dwarf_Die *entry);
/* A lambda, which has no name: "lambda in main". */
void label_closure(struct known_type *known, Dwarf_Die *entry);
/* "node *", though what it leads to may not be loaded. */
void label_pointer(struct known_type *known);
/* "node *[3]" */
void label_array(struct known_type *known, const struct type *of);

#endif
