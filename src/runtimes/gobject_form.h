/*
 * What lies where in GLib's structures, from 2.66 to 2.90, on 64-bit machines.
 * Where versions differ, both forms stand here, and the words themselves tell
 * which it is.
 */
#ifndef GOBJECT_FORM_H
#define GOBJECT_FORM_H

#include <stdint.h>

#define GOBJECT_FUNDAMENTALS 256
#define GOBJECT_FUNDAMENTAL(type) ((type) >> 2)
#define GOBJECT_TYPE_BOXED 72u
#define GOBJECT_TYPE_PARAM 76u
#define GOBJECT_TYPE_OBJECT 80u

/* TypeNode behind its first word, which GLib 2.84 no longer has. */
struct form_type {
	uint64_t plugin;
	uint32_t children_n;
	uint32_t supers_n; /* the low eight bits */
	uint64_t children, data;
	uint32_t name, pad;
	uint64_t qdata, interfaces, prerequisites;
	uint64_t self, super; /* type and parent; the others follow */
};
#define FORM_TYPE_SHIFTED 8

/* InstanceData. */
struct form_class {
	uint64_t values;
	uint16_t size, private_size;
	int32_t state;
	uint64_t functions[2], init, finalize, given; /* given: to init */
	uint64_t class;
	uint16_t instance_size, before; /* private data before the instance */
};
#define FORM_CLASS_MADE 5 /* a state: init has run */

/* GObject. */
struct form_object {
	uint64_t class;
	uint32_t count, flags;
	uint64_t qdata; /* the low three bits are flags */
};
#define FORM_QDATA_FLAGS 7u
#define FORM_QDATA_TOGGLE 1u

/* GBinding has its source, and from 2.68 on what has a GWeakRef to that. */
#define FORM_BINDING_SOURCE 24
#define FORM_BINDING_CONTEXT_SOURCE 8

/* GParamSpec. */
#define FORM_PARAM_COUNT 64

/* GstMiniObject. */
struct form_mini {
	uint64_t type;
	int32_t count, lock;
	uint32_t flags, pad;
	uint64_t copy, dispose, free;
	uint32_t state, pad_too;
	uint64_t parent; /* or where they are listed */
};
#define FORM_MINI_PARENT 2
#define FORM_MINI_PARENTS 3
struct form_parents {
	uint32_t lock, n, room, pad;
	uint64_t list;
};

/* GHashTable. Its first two numbers became smaller in 2.86. */
struct form_hash {
	uint64_t keys, hashes, values, hash, equal, counts;
	uint64_t freeing[3]; /* key's and value's; a version may be before */
};
#define FORM_HASH_NEW 24 /* the offset of keys */
#define FORM_HASH_OLD 32
#define FORM_HASH_MAX 104
#define FORM_HASH_COUNT 40 /* from keys */

/* GBSearchArray of HandlerList. */
struct form_lists {
	uint64_t n; /* 32 bits */
};
struct form_list {
	uint32_t signal, pad;
	uint64_t first, before, after;
};

/* Handler. */
struct form_handler {
	uint64_t number, next, prev;
	uint32_t detail, signal, count, blocked;
	uint64_t closure, instance;
};

/* GClosure. GLib's own part lies before it. */
#define FORM_CLOSURE_BEFORE 32
struct form_closure {
	uint32_t bits, pad;
	uint64_t marshal, data, notifiers;
};
#define FORM_CLOSURE_COUNT(bits) ((bits)&0x7fff)
#define FORM_CLOSURE_GUARDS(bits) ((bits) >> 16 & 1)
#define FORM_CLOSURE_FINAL(bits) ((bits) >> 17 & 3)
#define FORM_CLOSURE_INVALID(bits) ((bits) >> 19 & 255)
#define FORM_CLOSURE_IS_INVALID(bits) ((bits) >> 31)

/* GClosureNotifyData, and in other order what notifies of a weak reference. */
struct form_notifier {
	uint64_t data, notify;
};
struct form_notify {
	uint64_t notify, data;
};

/* SignalNode. */
struct form_signal {
	uint32_t id, pad;
	uint64_t type, name;
};

/* GData. */
struct form_qdata {
	uint32_t n, room;
};
struct form_datum {
	uint32_t key, pad;
	uint64_t data, destroy;
};

#endif
