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
/* A variant's address of its bytes is no reference to the block that has them:
 * another word is, or it has them itself. That word, or 0. */
uintptr_t glib_variant_borrows(uintptr_t block);

#endif
