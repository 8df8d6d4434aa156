/*
 * CPython's objects among the recorded blocks. A block is an object only when
 * its second word (behind what its type keeps before objects) is a type, its
 * count is plausible, its size fits, and the collector's list agrees.
 *
 * Snapshot child only, inside cpython_run().
 */
#ifndef CPYTHON_OBJECTS_H
#define CPYTHON_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>
#include "runtimes/cpython_types.h"

enum object_mark {
	MARK_TRACKED = 1,  /* in a collector's list */
	MARK_OWNED = 2,	   /* told as a part of the object that has it */
	MARK_FROZEN = 4,   /* no collector looks at it, or not now */
	MARK_DECLARED = 8, /* nobody else knows it */
	MARK_DEBUG = 16,   /* behind a head of the debugging allocator */
};

struct cpython_object {
	uintptr_t block;
	uintptr_t bits; /* its type, and marks */
};

extern struct cpython_object *cpython_objects; /* by block */
extern uint32_t cpython_objects_n;

/* Finds them all. 0 or -ENOMEM. */
int cpython_objects_find(void) __attribute__((warn_unused_result));

static inline struct cpython_type *object_type(const struct cpython_object *o)
{
	return (struct cpython_type *)(o->bits &
				       -(uintptr_t)CPYTHON_TYPE_ALIGN);
}

static inline uintptr_t object_at(const struct cpython_object *o)
{
	return o->block + (o->bits & MARK_DEBUG) + object_type(o)->before;
}

/* Bytes before what the interpreter asked for: its debugging allocator has a
 * head there. */
uint32_t cpython_debug_head(uintptr_t block);
/* Whether a word leads to a block or a module: a number hardly does. */
bool cpython_is_address(uint64_t word);
/* The references counted on what is there; 0: it is immortal, or no object. */
int64_t cpython_count(uintptr_t at);
/* The object of that block, or that begins at that address; NULL: none. */
struct cpython_object *cpython_object(uintptr_t block);
struct cpython_object *cpython_object_at(uintptr_t at);
/* Whether a head in a collector's list has neighbours that lead back to it. */
bool cpython_is_linked(uintptr_t head);

#endif
