/*
 * What a type has at an offset.
 */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "model/type.h"

#define LEAVES_MAX 12
#define TARGETS_MAX 4

/* A word's place in a type; in a union there may be several at one offset. In
 * the report's memory. */
struct leaf {
	const char *path;  /* "cell[2].peer"; "": no name of it is shown */
	const char *smart; /* see struct edge */
	enum ownership ownership;
	bool is_pointer; /* else a number that may hold one, or text */
	bool is_buffer;	 /* what it leads to may be several in a row */
	bool is_table;	 /* it leads to pointers to buffers */
	bool is_node;	 /* it links a container's nodes */
	bool is_held;	 /* what it leads to may stand in a control block */
	const struct type *pointee; /* for its user, or NULL */
	/* What may begin where it leads to. */
	size_t targets_n;
	const struct type *targets[TARGETS_MAX];
};

/* The places at offset; 0: no pointer can be there. */
size_t leaves_find(struct report *report, const struct type *type,
		   uint64_t offset, struct leaf leaves[LEAVES_MAX]);

#endif
