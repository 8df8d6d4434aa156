/*
 * What is open of a module, and what has been listed of it.
 */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include "model/model.h"

/* One stretch of addresses of a function or unit, whose DIE is found again by
 * its offset. */
struct range {
	uint64_t start, end;
	Dwarf_Off die;
};

struct ranges {
	size_t n, room;
	struct range *list; /* by start */
};

/* A compilation unit whose functions have been listed. */
struct unit {
	Dwarf_Off offset;
	struct ranges functions;
	UT_hash_handle hh;
};

/* An entry with its children that have children. */
struct container {
	const void *key;
	size_t n, room;
	Dwarf_Die *inner; /* by address */
	UT_hash_handle hh;
};

/* A symbol of the module's best table. */
struct entry {
	uint64_t start, size;
	const char *name;
	unsigned char rank; /* of several at one address: the least is best */
	bool object;
};

/* What the loader writes into a word. */
struct fixup {
	uint64_t address;
	const char *name; /* the address of that symbol; or NULL: */
	uint64_t target;  /* an address in this module */
};

/* The section of code that was read last. */
struct text_section {
	uint64_t start, size;
	const unsigned char *bytes;
};

struct symbols {
	Dwfl *dwfl;
	Dwfl_Module *module;  /* NULL: there are no names to be had */
	struct place *places; /* hash by address: what was found */
	struct unit *units;
	struct container *containers; /* hash, see scope.c */
	bool main_asked, main_found;
	Dwarf_Die main; /* of Rust */
	bool extents_listed;
	struct ranges extents; /* of the units */
	struct text_section text;
	bool fixups_listed;
	size_t fixups_n, fixups_room;
	struct fixup *fixups; /* by address */
	bool entries_read;
	size_t entries_n;
	struct entry *entries; /* by start */
	struct entry **names;  /* the same by name, or NULL */
	void *types;	       /* what the room of types has of it, or NULL */
	void (*types_close)(void *types);
};

#endif
