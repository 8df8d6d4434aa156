/*
 * Entries of debug information as types.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/type.h"

struct report;
struct symbols;

/* The type that a type's entry describes, behind typedefs, const and volatile;
 * NULL: void, or it cannot be read. The same entry gives the same type. The
 * fields of a record are loaded with it, types to which pointers lead are not.
 * What is declared only is searched in the whole module by its name. */
const struct type *type_of_die(struct report *report, struct symbols *symbols,
			       Dwarf_Die *entry);
/* The type of a variable, parameter or member, or what a function returns. */
const struct type *type_of_owner(struct report *report, struct symbols *symbols,
				 Dwarf_Die *owner);
/* What a pointer leads to, what an array consists of; NULL: void, or unknown.
 * It is loaded now. This and the next only while the modules are open. */
const struct type *type_target(const struct type *type);
/* The argument of a template, from 0; NULL: a value, or there is none. */
const struct type *type_argument(const struct type *type, size_t i);
/* So many of them in a row; 0: unknown. */
const struct type *type_array(const struct type *type, uint64_t length);

/* The definition of a struct, class or union by its whole name ("app::Club",
 * "std::vector<int>"), or of one without a name by its typedef. Blanks need not
 * be as in the file. Of several, that of this size; size 0: any, when all have
 * one size. NULL: none. The first call lists all names of the module. */
const struct type *type_by_name(struct report *report, struct symbols *symbols,
				const char *name, uint64_t size);

#endif
