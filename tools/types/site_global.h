/*
 * Global variables, by their addresses and names.
 */
#ifndef SITE_GLOBAL_H
#define SITE_GLOBAL_H

#include <elfutils/libdw.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

struct type;
struct value;
struct walk;

struct global {
	uint64_t address; /* of debug information; 0: it is elsewhere */
	const char *name; /* as in symbol tables */
	Dwarf_Die entry;
	UT_hash_handle hh; /* by name */
};

/* Those that a unit describes. */
struct globals {
	const void *key; /* the unit's entry */
	size_t n, room;
	struct global *list;	/* by address */
	struct global *by_name; /* hash */
	UT_hash_handle hh;
};

/* The type of the variable at an address or symbol, as the walk's unit knows
 * it; *inside: which part of it. NULL: it is not known. */
const struct type *global_type(struct walk *walk, const struct value *address,
			       uint64_t *inside);

#endif
