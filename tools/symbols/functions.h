/*
 * Which function of the debug information has an address, and what was inlined
 * there.
 */
#ifndef SYMBOLS_FUNCTIONS_H
#define SYMBOLS_FUNCTIONS_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

#define SCOPES_MAX 64 /* in each other: a limit for damaged files */

/* The unit that has address, into *cu. *bias is what the module's addresses
 * have more than the debug information's. False: there is none. */
bool unit_at(struct symbols *symbols, uint64_t address, Dwarf_Die *cu,
	     Dwarf_Addr *bias);
/* The function of the unit that has address, which is the debug information's.
 * Inlined ones are no answer. */
bool function_at(struct symbols *symbols, Dwarf_Die *cu, uint64_t address,
		 Dwarf_Die *function);
/* The function of the unit that has the code of abstract, which describes an
 * inlined one; false: there is none, or several. */
bool function_copy(struct symbols *symbols, Dwarf_Die *cu, Dwarf_Die *abstract,
		   Dwarf_Die *function);
/* The module's first function that is meant. */
bool function_find(struct symbols *symbols, bool (*meant)(Dwarf_Die *function),
		   Dwarf_Die *function);
/* chain[0] is the function; the ones inlined at address follow, outermost
 * first. Returns how many, at least 1. */
size_t scopes_at(Dwarf_Die *function, uint64_t address,
		 Dwarf_Die chain[SCOPES_MAX]);

#endif
