/*
 * A word's place in a type.
 */
#ifndef LEAF_H
#define LEAF_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

struct type;

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

#endif
