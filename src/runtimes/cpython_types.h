/*
 * CPython's type objects. A word is a type only when what it leads to has a
 * chain of types up to `type` itself, and stands first in its own order of
 * bases.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_TYPES_H
#define CPYTHON_TYPES_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum cpython_kind {
	KIND_OTHER,
	KIND_LEAF, /* holds no reference: str, bytes, int, float … */
	KIND_LIST,
	KIND_TUPLE,
	KIND_DICT,
	KIND_SET,
	KIND_WEAK,
	KIND_CELL,
};

#define CPYTHON_TYPE_ALIGN 32 /* its low bits are free for marks */

struct cpython_type {
	uintptr_t at;
	uintptr_t traverse;
	uint64_t flags;
	uint32_t basic, item;
	uint32_t least; /* bytes of its smallest object */
	uint8_t before; /* bytes of a block before the object */
	uint8_t kind;	/* enum cpython_kind: what it derives from, ... */
	bool exact;	/* ... or is itself */
	bool opaque;	/* its tp_traverse is not to be called */
	bool function;
	bool bound; /* pybind11 has made it: an object stands for a C++ one */
};

/* NULL: word leads to no type. Valid for ever. */
struct cpython_type *cpython_type(uintptr_t word);
/* Memory is from this arena. */
void cpython_types_begin(struct arena *arena);
bool cpython_types_failed(void); /* memory was short */
bool cpython_types_bound(void);	 /* whether there is one that is bound */

/* Whether a type has that name, or derives from one that has. */
bool cpython_type_is(uintptr_t type, const char *name);

#endif
