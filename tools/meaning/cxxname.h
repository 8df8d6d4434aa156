/*
 * Names of C++ functions and types, as the demangler writes them.
 */
#ifndef CXXNAME_H
#define CXXNAME_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of a name: "Club" of "app::Club<int>::Club(int)". */
struct piece {
	const char *text;
	size_t n;
};

/* The last part of a type's or function's name, without arguments. */
struct piece cxx_last(const char *name);
/* The class of which the function is a constructor, without its scope and
 * arguments; empty: it is none. */
struct piece cxx_constructor_of(const char *function);
/* Whether it is the standard library's. */
bool cxx_is_standard(const char *function);
bool piece_equal(struct piece a, struct piece b);
bool piece_ends(struct piece piece, const char *end);

#endif
