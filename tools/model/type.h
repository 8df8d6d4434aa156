/*
 * A type of the program, as its debug information tells it. What reads debug
 * information makes types; they are in the report's memory and stay when the
 * files are closed. Types of equal name and size may be there more than once.
 */
#ifndef TYPE_H
#define TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum type_kind {
	TYPE_SCALAR,  /* a number, an enumeration */
	TYPE_POINTER, /* also a reference */
	TYPE_RECORD,  /* a struct, class or union; Rust's enum */
	TYPE_ARRAY,
	TYPE_CODE, /* a function */
};

enum language { LANGUAGE_UNKNOWN, LANGUAGE_C, LANGUAGE_CXX, LANGUAGE_RUST };

struct type;

struct type_field {
	const char *name; /* NULL: a base class, or an anonymous record */
	uint64_t offset;  /* in bytes, from the start of the record */
	const struct type *type; /* or NULL */
	bool is_base;
	bool is_variant; /* of a Rust enum: with others, it is one of them */
};

struct type {
	enum type_kind kind;
	enum language language;
	/* As a programmer writes it: "app::Club", "node", "paper *[3]". NULL:
	 * it has none. */
	const char *name;
	/* With all namespaces and arguments, as the compiler wrote it. */
	const char *full;
	uint64_t size;	 /* in bytes; 0: unknown */
	uint64_t length; /* of an array; 0: unknown, or flexible */
	bool is_union, is_reference, is_integral;
	bool is_declared;    /* its definition was not found */
	bool has_gaps;	     /* virtual bases, somewhere behind its fields */
	bool is_closure;     /* of a C++ lambda */
	bool is_polymorphic; /* it has a vtable */
	size_t fields_n;     /* of a record */
	const struct type_field *fields; /* by offset */
	size_t arguments_n; /* of a template; see type_argument() */
};

#endif
