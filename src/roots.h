/*
 * The roots: every range of memory that is no block and may hold pointers of
 * the program.
 */
#ifndef ROOTS_H
#define ROOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "maps.h"
#include "stopped.h"

enum root_kind {
	ROOT_STRONG,  /* any word in it holds what it points to */
	ROOT_FOREIGN, /* an exact pointer does; one into a block makes a
			 suspect */
	ROOT_STALE,   /* every word makes but a suspect */
	ROOT_HALF,    /* no root: of a suspect that half of a word leads to */
};

/* How to know which pages of a large one are to be read. */
enum root_how {
	ROOT_PRIVATE,
	ROOT_SHARED, /* with other processes: what is in memory */
	ROOT_REST,   /* the same: what is not */
	ROOT_OWN,    /* of a private file: what the process has written */
};

struct root {
	uintptr_t low, high;
	enum root_kind kind;
	bool explicit; /* scanned whole; else blocks within are left out */
	enum root_how how;
	bool code; /* made by the program: words lie at any byte */
};

struct roots {
	struct root *list;
	uint32_t n, room;
	/* stacks that lie inside a block: it is live, its dead part is not
	 * read */
	uintptr_t *stack_block;
	uint32_t stack_blocks;
};

/* self: the thread that made the scan; alternate: a word that
 * holds its signal stack, which stays. 0 or -ENOMEM. Needs blocks_build()
 * before. */
int roots_find(const struct stopped *self, void *const *alternate,
	       const struct maps *maps, struct roots *out)
	__attribute__((warn_unused_result));

/* Adds memory that is read whole, whatever lies there, and not a second time by
 * its mapping. */
void roots_add(struct roots *roots, uintptr_t low, uintptr_t high,
	       enum root_kind kind);
/* Adds what is a root of one more mapping, if it is taken to be of that kind.
 */
int roots_add_map(struct roots *out, const struct map *map, enum map_kind kind,
		  enum root_how how) __attribute__((warn_unused_result));

/* glibc.c: what in memory is glibc's allocator's own. Calls add for each
 * range that is no root. */
typedef void roots_cut_fn(uintptr_t low, uintptr_t high, void *data);
void glibc_cut(const struct maps *maps, roots_cut_fn *add, void *data);
/* Its main arena, when it lies in this mapping; which is libc's. */
struct range;
bool glibc_arena(const struct maps *maps, const struct map *map,
		 struct range *out);
/* After glibc_cut(): the arena that follows in the ring, the first for 0; 0:
 * none. */
uintptr_t glibc_next_arena(uintptr_t before);
/* Where in an arena its bins are, 127 pairs of pointers. */
size_t glibc_bins(void);
/* Whether a block of this size is one that malloc made, and no other block can
 * begin where it ends. */
bool glibc_is_chunk(uintptr_t block, uint64_t size);

#endif
