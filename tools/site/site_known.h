/*
 * Functions of the C library that allocate, by their names: it comes without
 * debug information.
 */
#ifndef SITE_KNOWN_H
#define SITE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

struct report;
struct stack;

struct known {
	size_t frames; /* of the stack that are the library's own */
	unsigned reg;  /* where the caller finds the block; see site_passage.h
			*/
	bool is_text;
};

/* What the innermost frames, and the call to the allocator, are known for. */
struct known known_find(struct report *report, const struct stack *stack);

#endif
