/*
 * Inside the symbolizer: symbolize.c opens modules and keeps answers, dwarf.c
 * reads debug information, symtab.c symbol tables.
 */
#ifndef SYMBOLIZE_H
#define SYMBOLIZE_H

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include "model/model.h"

/* One function's stretch of addresses; the DIE is found again by its offset. */
struct range {
	uint64_t start, end;
	Dwarf_Off function;
};

/* A compilation unit whose functions have been listed. */
struct unit {
	Dwarf_Off offset;
	size_t n, room;
	struct range *ranges; /* by start */
	UT_hash_handle hh;
};

/* A symbol of the module's best table. */
struct entry {
	uint64_t start, size;
	const char *name;
	unsigned char rank; /* of several at one address, the least */
	bool object;
};

struct symbols {
	Dwfl *dwfl;
	Dwfl_Module *module; /* NULL: there are no names to be had */
	struct place *places;
	struct unit *units;
	bool entries_read;
	size_t entries_n;
	struct entry *entries; /* by start */
};

const char *name_keep(struct report *report, const char *name);
const char *name_demangle(struct report *report, const char *name);
struct place *place_new(struct report *report, size_t n);
/* NULL when no debug information covers the address. */
struct place *dwarf_place(struct report *report, struct symbols *symbols,
			  uint64_t address);
/* The symbol that covers address, mangled: code, or data when object. */
const char *entry_name(struct symbols *symbols, uint64_t address, bool object);

#endif
