/*
 * Debug information.
 */
#ifndef DWARF_H
#define DWARF_H

#include <stdint.h>

struct place;
struct report;
struct symbols;

/* NULL when no debug information covers the address. */
struct place *dwarf_place(struct report *report, struct symbols *symbols,
			  uint64_t address);

#endif
