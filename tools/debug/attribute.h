/*
 * Attributes of debug information's entries.
 */
#ifndef ATTRIBUTE_H
#define ATTRIBUTE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

/* An attribute's number, also of a simple expression. */
bool entry_number(Dwarf_Die *entry, unsigned attribute, uint64_t *number);
bool entry_flag(Dwarf_Die *entry, unsigned attribute);
/* The entry to which an attribute leads. */
bool entry_reference(Dwarf_Die *entry, unsigned attribute, Dwarf_Die *other);
/* Goes behind typedefs, const and the like. named: the last typedef on the
 * way; its addr is NULL when there was none. False: void. */
bool entry_behind(Dwarf_Die *entry, Dwarf_Die *named);

#endif
