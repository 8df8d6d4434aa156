/*
 * Debug information.
 */
#ifndef DWARF_H
#define DWARF_H

#include <elfutils/libdw.h>
#include <stdint.h>

struct place;
struct report;
struct symbols;

/* NULL when no debug information covers the address. */
struct place *dwarf_place(struct report *report, struct symbols *symbols,
			  uint64_t address);

/* The whole name of a function, in the report's memory, or NULL. */
const char *function_name(struct report *report, struct symbols *symbols,
			  Dwarf_Die *function);
/* Its mangled name, in the file's memory, or NULL. */
const char *function_symbol(Dwarf_Die *function);

#endif
