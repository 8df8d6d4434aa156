/*
 * What lies where in GLib's structures for events, and in those that count,
 * from 2.66 to 2.90, on 64-bit machines.
 */
#ifndef GLIB_FORM_H
#define GLIB_FORM_H

#include <stdint.h>

/* GMainContext. */
struct form_context {
	uint64_t mutex, condition[2], owner;
	uint32_t owned, flags;
	uint64_t waiters;
	uint32_t count, pad;
	uint64_t sources; /* a table from numbers to sources */
	uint64_t pending;
	uint64_t timeout, rest[2];
};
#define FORM_CONTEXT_MAX 320
/* Where its lists of sources are: a GList, and from 2.72 on a GQueue. */
#define FORM_CONTEXT_LISTS_OLD 80
#define FORM_CONTEXT_LISTS 88

/* GList; GSList is the same without prev. */
struct form_node {
	uint64_t data, next, prev;
};

/* GSourceList. From 2.72 on, its node lies before it. */
struct form_sources {
	uint64_t first, last;
};

/* GSource. */
struct form_source {
	uint64_t callback, callback_functions, functions;
	uint32_t count, pad;
	uint64_t context;
	uint32_t priority, flags, number, pad_too;
	uint64_t polled, prev, next, name, private;
};
#define FORM_SOURCE_ACTIVE 1u /* of the flags */

/* GSourceCallback. */
struct form_callback {
	uint32_t count, pad;
	uint64_t function, data, destroy;
};

/* GRealPtrArray. */
struct form_pointers {
	uint64_t memory;
	uint32_t used, room;
	uint32_t count, flags;
	uint64_t free;
};

/* GRealArray. `later`: the count from 2.90 on, where the most stands before. */
struct form_array {
	uint64_t memory;
	uint32_t used, room;
	uint32_t size, flags;
	uint32_t count, later;
	uint64_t clear;
};

/* GVariant: its type, its size, where its bytes or children are, and this. */
struct form_variant_end {
	uint32_t state, count;
	uint64_t depth;
};
#define FORM_VARIANT_OLD 32 /* before 2.74.4 */
#define FORM_VARIANT 48
#define FORM_VARIANT_STATES 15u
#define FORM_VARIANT_SERIALISED 2u /* of the states */
#define FORM_VARIANT_DEPTH 128u
#define FORM_VARIANT_TYPE 32 /* GVariantTypeInfo with its name and count */

/* GRcBox and GArcBox, when GLib checks what it asserts. */
struct form_box {
	int32_t count, pad;
	uint64_t size, before;
	uint32_t magic, pad_too;
};
#define FORM_BOX_MAGIC 0x44ae2bf0u
#define FORM_BOX_ALIGNED 16

#endif
