/*
 * What lies where in GLib's structures for events, from 2.66 to 2.90, on 64-bit
 * machines.
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

#endif
