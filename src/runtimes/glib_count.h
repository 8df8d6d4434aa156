/*
 * The counts of GLib's structures, and whether a block has the form of one.
 *
 * Snapshot child only.
 */
#ifndef GLIB_COUNT_H
#define GLIB_COUNT_H

#include <stdint.h>

struct glib_kind;

struct glib_counted {
	const char *type; /* NULL: only who made it knows */
	uint32_t at;	  /* offset of the address that references have */
	uint32_t count;	  /* 0: the block is none */
};

/* Of a block whose stack has that kind. */
struct glib_counted glib_count(uintptr_t block, const struct glib_kind *kind);
/* The address of the word by which a variant knows its bytes, or 0. That word
 * is no reference to the block with the bytes: another word is, or the bytes
 * are in the variant. */
uintptr_t glib_variant_borrows(uintptr_t block);

#endif
