/*
 * Which of GLib's counted structures a block is, by the function that allocated
 * it: the innermost of the block's stack that is no allocator of GLib's.
 *
 * Snapshot child only.
 */
#ifndef GLIB_MAKER_H
#define GLIB_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct symbols_owner;

struct glib_kind {
	const char *type, *maker;
	uint16_t size, most; /* of the block */
	uint16_t count;	     /* offset of 32 bits */
	enum {
		GLIB_COUNT,
		GLIB_CONTEXT,
		GLIB_SOURCE,
		GLIB_TABLE,
		GLIB_BYTES
	} form;
};

/* Before the rest. Whether there are such blocks; or -ENOMEM. */
int glib_maker_begin(const struct symbols_owner *glib, struct arena *arena)
	__attribute__((warn_unused_result));
/* What blocks with that stack are, if they are of the size; NULL: others. */
const struct glib_kind *glib_kind_of(uint32_t stack);
/* The count that stands in a block of that kind; 0: it is another block. */
uint32_t glib_count(uintptr_t block, const struct glib_kind *kind);

#endif
