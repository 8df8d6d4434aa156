/*
 * A list of roots, in the making.
 *
 * Snapshot child only.
 */
#ifndef ROOT_H
#define ROOT_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/maps.h"

enum root_kind {
	ROOT_STRONG,  /* any word in it holds what it points to or into */
	ROOT_FOREIGN, /* an exact pointer holds; one into a block makes a
			 suspect */
	ROOT_STALE,   /* every word makes only a suspect */
	ROOT_HALF,    /* no root: half of a word leads to the suspect */
};

/* How to know which pages of a large root are to be read. */
enum root_how {
	ROOT_PRIVATE,
	ROOT_SHARED, /* shared with other processes: what is in memory */
	ROOT_REST,   /* the same: what is not */
	ROOT_OWN,    /* of a private file: what the process has written */
};

struct root {
	uintptr_t low, high;
	enum root_kind kind;
	bool explicit; /* read whole; otherwise blocks in it are left out */
	enum root_how how;
	bool code; /* made by the program: words lie at any byte */
};

struct roots {
	struct root *list;
	uint32_t n, room;
	/* stacks that lie inside a block: the block is live, the stack's dead
	 * part is not read */
	uintptr_t *stack_block;
	uint32_t stack_blocks;
};

/* Adds memory that is read whole, whatever is there. It is not read a second
 * time with its mapping. */
void root_add(struct roots *roots, uintptr_t low, uintptr_t high,
	      enum root_kind kind);
/* Takes memory that is no root out of the mappings that are added. */
void root_cut(uintptr_t low, uintptr_t high);
/* Adds the parts of a mapping that are roots, as being of that kind. Needs
 * holes_sort(). *at is the first hole that may reach it. It is 0 for the first
 * mapping, and goes up with mappings in order of address. */
void root_add_map(struct roots *roots, const struct map *map,
		  enum map_kind kind, enum root_how how, uint32_t *at);
/* Whether memory was short in any of these calls: 0 or -ENOMEM. */
int root_failed(void);

#endif
