/*
 * Where CPython's own containers hold their references, by their layout.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_CONTAINER_H
#define CPYTHON_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>
#include "runtimes/cpython_types.h"

/* n words, `step` bytes apart. 0 is no reference. */
struct span {
	uintptr_t at;
	uint64_t n;
	uint32_t step;
};

struct container {
	bool sound; /* the layout agrees with the sizes of blocks */
	uint32_t spans_n, parts_n;
	struct span span[3];
	uintptr_t part[3]; /* blocks of its own */
};

/* Of an object, by its kind: a subclass has more than that. */
struct container cpython_container(enum cpython_kind kind, uintptr_t at);

/* The table of a dictionary's keys. */
struct keys_table {
	uintptr_t entries;
	uint64_t n;
	uint32_t step, key, value; /* bytes of an entry, offsets in it */
	uintptr_t block, at;	   /* 0: it is static */
};
/* False: it is not laid out so. */
bool cpython_keys(uintptr_t keys, struct keys_table *out);

/* Values of an instance that are no dictionary, in the order of the keys that
 * its class has; 0: there are none. block: in which they lie. */
uintptr_t cpython_values(const struct cpython_type *type, uintptr_t at,
			 uintptr_t *block);
/* Where an object has its dictionary; 0: nowhere. */
uintptr_t cpython_dict_place(const struct cpython_type *type, uintptr_t at);
/* Where a function has its closure. */
uintptr_t cpython_closure_place(uintptr_t at);

#endif
