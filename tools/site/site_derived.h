/*
 * What begins with a type: a class that is derived from it, a struct that has
 * it first.
 */
#ifndef SITE_DERIVED_H
#define SITE_DERIVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct type;

/* Whether a begins with b. */
bool type_begins(const struct type *a, const struct type *b);
/* They are the same, as far as can be seen. */
bool type_is_like(const struct type *a, const struct type *b);
/* How many types of that size the module of base knows that begin with it; the
 * last one in *found. The first call for a module lists all its types. */
size_t derived_find(const struct type *base, uint64_t size,
		    const struct type **found);

#endif
