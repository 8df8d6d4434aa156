/*
 * Finds the entries of a module's .eh_frame, trusting nothing in it.
 */
#ifndef FDE_H
#define FDE_H

#include <stdbool.h>
#include <stdint.h>
#include "stack/dwarf.h"

/* A CIE or FDE, from after its length to its end. */
struct dwarf fde_entry(uint32_t module, uintptr_t at);
/* The FDE for pc by the header's sorted table: the last one that begins at or
 * before pc. 0 when there is none. *bad when the table is not of the one kind
 * that linkers make. */
uintptr_t fde_search(uintptr_t pc, uint32_t module, bool *bad);

#endif
