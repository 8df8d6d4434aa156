/*
 * What has been found out of the calls in a module's functions.
 */
#ifndef SITE_STORE_H
#define SITE_STORE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

#include "site/site_function.h"
#include "site/site_machine.h"

struct candidate;
struct known_type;
struct symbols;

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

/* Which of a call's arguments led to where the block was stored, by its
 * register; or RAX: the call returned the block; or REG_JUMP: so did the call,
 * a jump at the function's end. */
#define REG_JUMP 0x100

struct passage_key {
	uint64_t address; /* of the call's last byte */
	uint64_t reg;
};

#define SIZES 6 /* arguments of a call */

struct passage {
	struct passage_key key;
	size_t n;
	const struct candidate *candidates;
	bool has_returned; /* to the next function, so far behind its start: */
	int64_t returned;
	bool has_out;	/* it was stored where this argument leads: */
	unsigned out;	/* a register */
	bool is_opaque; /* the function says nothing of what it returns */
	bool is_array;	/* the call was to "new[]", */
	bool is_one;	/* or to "new" */
	bool sizes_asked;
	struct value sizes[SIZES]; /* see passage_sizes() */
	UT_hash_handle hh;
};

/* An entry that defines a type of that size. */
struct sized {
	uint64_t size;
	Dwarf_Die entry;
};

/* It goes when the module is closed. */
struct sites {
	struct scene *scenes;	      /* hash by key */
	struct globals *globals;      /* hash by key */
	struct passage *passages;     /* hash by key */
	bool usable_asked, is_usable; /* see site.c */
	bool sized_listed;
	size_t sized_n, sized_room;
	struct sized *sized;	      /* by size */
	struct known_type *character; /* or NULL */
};

/* Never NULL. It is made when it is first asked for. */
struct sites *sites_of(struct symbols *symbols);

#endif
