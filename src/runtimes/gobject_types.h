/*
 * GLib's types, found in the frozen memory: classes, what their instances
 * measure, and which blocks are instances.
 *
 * Snapshot child only.
 */
#ifndef GOBJECT_TYPES_H
#define GOBJECT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gobject_type {
	uint64_t class; /* the address of the class */
	uint32_t type;	/* the fundamental type */
	uint32_t name;	/* a quark */
	uint32_t size;	/* of an instance and what is before it */
	uint32_t before;
	bool is_binding; /* GBinding */
};

/* Where GObject's code is; before anything else. */
void gobject_types_begin(uintptr_t low, uintptr_t high);
/* Looks whether GLib's table of fundamental types has the entry of GObject at
 * that address. If so, reads all types, and declares which of their words are
 * old. False: it has not. */
bool gobject_types_read(uintptr_t at);
/* The quark of a boxed type's name, by the address that the type is; 0: there
 * is no such type. */
uint32_t gobject_types_boxed(uint64_t type);
/* Whether memory was short: 0 or -ENOMEM. */
int gobject_types_failed(void);

/* The type of the instance that a block is; NULL: it is none, or is not made
 * yet. */
const struct gobject_type *gobject_type_of(uintptr_t block);
/* Whether blocks of that size may be instances: to ask before
 * gobject_type_of(). */
bool gobject_types_measure(uint64_t size);
/* The block of the instance that is at that address; BLOCK_NONE: there is none.
 * The type must be a GObject. */
uintptr_t gobject_block(uintptr_t instance);

#endif
