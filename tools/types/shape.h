/*
 * The type that a block gets.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

struct type;

/* member is a type that begins at `at` in it. A control block that holds an
 * object becomes that object. */
void shape_set(struct member *member, const struct type *type, uint64_t at,
	       enum type_from from, bool sure);
/* The type of a class of that whole C++ or Rust name, as its vtable tells it.
 * With debug information its size must be the block's. */
void shape_named(struct report *report, struct member *member, const char *full,
		 enum type_from from);
/* Finds what debug information knows of a type that the program or a runtime
 * has named. */
void shape_declared(struct report *report, struct member *member);

#endif
