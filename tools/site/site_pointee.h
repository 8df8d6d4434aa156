/*
 * What the pointers inside of a type lead to.
 */
#ifndef SITE_POINTEE_H
#define SITE_POINTEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct type;

#define POINTEES_MAX 8

/* At one offset: several, where it is in a union. */
struct pointees {
	size_t n;
	const struct type *types[POINTEES_MAX];
	bool has_void; /* or to something unknown */
};

/* in_array: only elements of arrays count. type may be NULL. */
struct pointees pointees_at(const struct type *type, uint64_t offset,
			    bool in_array);
/* The only one; NULL: there is none, or it is not the only one. */
const struct type *pointee_at(const struct type *type, uint64_t offset,
			      bool in_array);

#endif
