/*
 * How CPython lays out its structures, as far as they are read. Offsets are in
 * bytes. Those without a number are the same in 3.9 to 3.14.
 *
 * Snapshot child only. All of it is read inside cpython_run(), where memory
 * that is not there reads as zeros.
 */
#ifndef CPYTHON_LAYOUT_H
#define CPYTHON_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/fault.h"

#define CPYTHON_OLDEST 9
#define CPYTHON_NEWEST 14

/* PyObject, PyVarObject */
#define OBJECT_COUNT 0
#define OBJECT_TYPE 8
#define OBJECT_SIZE 16
#define OBJECT_HEAD 16

/* PyGC_Head, before an object. The lowest bits of both words are flags. */
#define GC_NEXT 0
#define GC_PREV 8
#define GC_HEAD 16
#define GC_FLAGS 3ul

/* Before what the debugging allocator gave out: a size, a letter and seven
 * bytes. */
#define DEBUG_HEAD 16
#define DEBUG_MARK 8
#define DEBUG_LETTERS 0xfdfdfdfdfdfdfdul

/* PyTypeObject */
#define TYPE_NAME 24
#define TYPE_BASIC 32
#define TYPE_ITEM 40
#define TYPE_FLAGS 168
#define TYPE_TRAVERSE 184
#define TYPE_MEMBERS 240
#define TYPE_BASE 256
#define TYPE_DICT 264
#define TYPE_DICT_OFFSET 288
#define TYPE_MRO 344
#define TYPE_DEL 376
#define TYPE_FINALIZE 392
#define TYPE_BYTES 408

/* tp_flags */
#define FLAG_INLINE_VALUES (1ul << 2)	/* since 3.13 */
#define FLAG_MANAGED_WEAKREF (1ul << 3) /* since 3.12 */
#define FLAG_MANAGED_DICT (1ul << 4)	/* since 3.11 */
#define FLAG_HEAP (1ul << 9)
#define FLAG_READY (1ul << 12)
#define FLAG_GC (1ul << 14)
#define FLAG_LIST (1ul << 25)
#define FLAG_TUPLE (1ul << 26)
#define FLAG_DICT (1ul << 29)
#define FLAG_EXCEPTION (1ul << 30)
#define FLAG_TYPE (1ul << 31)

/* Before an object with a managed dictionary; 3.11 has the values apart. */
#define MANAGED_VALUES (-32)
#define MANAGED_DICT (-24)

/* str: length, hash, state (its lowest bits say how it is stored), then, before
 * 3.12, wstr; what is not ASCII has the length and address of its UTF-8 */
#define STR_LENGTH 16
#define STR_STATE 32
#define STR_WIDE 40
#define STR_KIND 2     /* the first bit of its kind in the state */
#define STR_COMPACT 32 /* in the state */
#define STR_ASCII 64

#define BYTES_HEAD 32 /* of bytes, before its own */

#define LIST_ITEMS 24
#define LIST_ALLOCATED 32

#define DICT_KEYS 32
#define DICT_VALUES 40

#define SET_MASK 32
#define SET_TABLE 40
#define SET_SMALL 64

#define FRAME_CODE 32
#define CELL_CONTENTS 16
#define CAPSULE_NAME 24

#define WEAK_OBJECT 16
#define WEAK_CALLBACK 24
#define WEAK_PREVIOUS 40
#define WEAK_END 56

/* The interpreter that is here, by its exported symbols. */
struct cpython {
	unsigned minor;	     /* 3.minor */
	uintptr_t low, high; /* its module */
	uintptr_t type, object, list, tuple, dict, set, frozenset;
	uintptr_t weak, weak_proxy, weak_callable, cell, function, code, frame;
	uintptr_t c_function;
	uintptr_t leaf[5]; /* exact types that hold no reference */
	uint32_t
		least[5]; /* bytes of their smallest objects; 0: tp_basicsize */
	/* Offsets: of the first interpreter in _PyRuntime; in an interpreter,
	 * of the next, of its threads and of its collector's state (0: to be
	 * found); of `collecting` there; in a thread, of the next and of the
	 * stack of its frames (0: it has none). */
	uintptr_t runtime; /* _PyRuntime */
	uint32_t interpreters, next, threads, state, collecting;
	uint32_t thread_next, stack;
	uint32_t tuple_items;
};
extern struct cpython cpython;

enum known {
	KNOWN,
	KNOWN_NOT, /* it is here, but laid out in another way */
	KNOWN_ABSENT,
};
/* Fills cpython. */
enum known cpython_find(void);

static inline bool is_pointer(uintptr_t word)
{
	return word - 4096 < FAULT_ADDRESSES - 65536 && !(word & 7);
}

static inline uintptr_t word_at(uintptr_t at)
{
	return *(const volatile uintptr_t *)at;
}

/* A word of a structure at an address that may be anything. */
static inline uintptr_t word_of(uintptr_t structure, intptr_t offset)
{
	return is_pointer(structure) ? word_at(structure + offset) : 0;
}

#endif
