/*
 * Which of GLib's counted structures blocks of a stack are, by the function
 * that allocated them: the innermost of the stack that is no allocator of
 * GLib's. Whether a block is one of them its form says (glib_count.h).
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
		GLIB_BYTES,
		/* Their form says more than their maker. So the maker's name
		 * is only the beginning of it, and functions that GLib does not
		 * export may stand between it and the allocator. */
		GLIB_POINTERS,
		GLIB_ARRAY,
		GLIB_VARIANT,
		GLIB_BOX,
		GLIB_HIDDEN, /* one of the last two */
	} form;
};

/* Before the rest. Whether there are such blocks; or -ENOMEM. */
int glib_maker_begin(const struct symbols_owner *glib, struct arena *arena)
	__attribute__((warn_unused_result));
/* What blocks with that stack may be; NULL: others. */
const struct glib_kind *glib_kind_of(uint32_t stack);

#endif
