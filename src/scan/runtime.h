/*
 * Runtimes: what knows the objects of one language or library. A runtime
 * registers itself when the library starts. In the snapshot child, before
 * anything is marked, it declares its objects and what they count (declared.h).
 * Later it is asked for names, of the few blocks that are shown.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* All functions but is_here and declare may be NULL. Text is written to room,
 * with a 0, cut off when it is longer than size; what is returned is its
 * length. 0: nothing is known. */
struct runtime {
	const char *name; /* in reports: "python", "gobject", "c++", "rust" */
	/* Whether the program has this runtime. Cheap: it is asked at each
	 * scan, in each program. */
	bool (*is_here)(void);
	/* Declares all objects, parts, links and weak words. All memory can be
	 * read by fault_copy() and read.h, as everywhere in the child. 0 or
	 * -errno: then nothing that it has declared counts. -ENOMEM ends the
	 * scan. */
	int (*declare)(struct arena *arena);
	/* Of a block that it declared as an object or a part: */
	size_t (*type)(uintptr_t block, char *room, size_t size);
	/* The name of the word at address `at`, in the object or a part of it,
	 * or 0 for a link whose address is unknown; `to`: the block to which it
	 * leads. */
	size_t (*field)(uintptr_t block, uintptr_t at, uintptr_t to, char *room,
			size_t size);
	/* What runs when the object ends. */
	size_t (*finalizer)(uintptr_t block, char *room, size_t size);
	/* Why a collector cannot free it although it should. */
	size_t (*reason)(uintptr_t block, char *room, size_t size);
	/* Fills up to n descriptors that it holds; how many. */
	uint32_t (*resources)(uintptr_t block, int *fds, uint32_t n);
	/* The count to show; NULL: that which was declared, unless not all
	 * references may be seen. */
	int64_t (*refcount)(uintptr_t block);
};

#define RUNTIMES_MAX 16

/* Before the first scan. False: there are too many. */
bool runtime_register(const struct runtime *runtime);

/* In the snapshot child: whether there is one that may declare something. */
bool runtimes_are_here(void);
/* After blocks_build() and roots_find(), before counts_build(): lets each
 * runtime that is here declare. 0 or -ENOMEM. */
int runtimes_declare(struct arena *arena) __attribute__((warn_unused_result));

/* By number: of declared objects, struct declared has the numbers. NULL: there
 * is none. */
const struct runtime *runtime_get(uint32_t number);

/* Something of a runtime could not be understood; what: valid until the scan
 * ends. The report warns of it, once for a process. */
void runtime_warn(const char *what);
/* The i-th of this scan's warnings, or NULL. */
const char *runtime_warning(uint32_t i);

#endif
