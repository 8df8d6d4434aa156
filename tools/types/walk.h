/*
 * What a type has at an offset.
 */
#ifndef WALK_H
#define WALK_H

#include <stddef.h>
#include <stdint.h>

#include "types/leaf.h"

struct report;
struct type;

/* The places at offset; 0: no pointer can be there. */
size_t leaves_find(struct report *report, const struct type *type,
		   uint64_t offset, struct leaf leaves[LEAVES_MAX]);

#endif
