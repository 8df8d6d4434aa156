/*
 * Global variables, by their addresses and names.
 */
#ifndef SITE_GLOBAL_H
#define SITE_GLOBAL_H

#include <stdint.h>

struct type;
struct value;
struct walk;

/* The type of the variable at an address or symbol, as the walk's unit knows
 * it; *inside: which part of it. NULL: it is not known. */
const struct type *global_type(struct walk *walk, const struct value *address,
			       uint64_t *inside);

#endif
