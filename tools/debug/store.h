/*
 * What has been loaded of a module's types.
 */
#ifndef STORE_H
#define STORE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

#include "model/type.h"

struct report;
struct rule;
struct symbols;

/* The argument of a template. */
struct argument {
	Dwarf_Die entry; /* addr NULL: a value */
	bool asked;
	const struct type *type;
};

/* A type, and the entries of debug information from which the rest of it is
 * loaded when it is asked for. In the report's memory. */
struct known_type {
	struct type type; /* the first, so that a type leads here */
	const void *key;  /* the entry's address */
	struct report *report;
	struct symbols *symbols;
	bool target_asked;
	Dwarf_Die target;		/* addr NULL: there is none */
	const struct type *target_type; /* once it has been asked for */
	struct argument *arguments;	/* as many as the type has */
	const struct rule *rule;	/* or NULL: see rules.h */
	UT_hash_handle hh;
};

/* An entry that has a name, or several of different sizes. */
struct named {
	uint64_t hash;
	Dwarf_Die entry;
	uint64_t size;
	struct named *next;
	UT_hash_handle hh;
};

/* A module's share, which goes when the module is closed. */
struct store {
	struct known_type *known; /* hash by key */
	struct named *names;
	bool names_read;
	void *sites; /* see site_store.h; or NULL */
	void (*sites_close)(void *sites);
};

/* Never NULL. It is made when it is first asked for. */
struct store *store_of(struct symbols *symbols);
/* A type of which nothing is known yet. */
struct known_type *type_new(struct report *report, struct symbols *symbols);

#endif
