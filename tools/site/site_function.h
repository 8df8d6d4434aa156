/*
 * A function: its variables, and where each of them is at which instruction.
 */
#ifndef SITE_FUNCTION_H
#define SITE_FUNCTION_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

struct type;

struct variable {
	Dwarf_Die entry;
	const struct type *type; /* see variable_type() */
	bool type_asked;
	bool is_constructed; /* "this" of a constructor */
	bool is_inner;	     /* a parameter of a function that was inlined */
	unsigned argument;   /* the function's Nth parameter, from 1; or 0 */
};

enum spot_kind {
	SPOT_REGISTER, /* its value is so far behind the register's */
	SPOT_STACK,    /* it is in memory, so far from the CFA, */
	SPOT_NEAR,     /* so far from what the register holds, */
	SPOT_ADDRESS,  /* or at an address */
};

/* Where a variable, or a piece of it, is. */
struct spot {
	uint64_t start, end; /* of the instructions that find it there */
	enum spot_kind kind;
	unsigned reg;
	int64_t offset;
	uint64_t from, size; /* the piece; size 0: up to its end */
	struct variable *variable;
};

/* What is known of a call. */
struct call {
	uint64_t back; /* the instruction after it */
	Dwarf_Die function;
};

struct scene {
	const void *key;    /* the function's entry */
	Dwarf_Die function; /* addr NULL: there is no debug information */
	Dwarf_Die unit;
	uint64_t bias;
	size_t spots_n, spots_room;
	struct spot *spots; /* by start */
	size_t calls_n, calls_room;
	struct call *calls; /* by back */
	UT_hash_handle hh;
};

#endif
