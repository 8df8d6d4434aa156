/*
 * The type of a block from the stack of its allocation: what the functions that
 * called the allocator do with what it returned.
 */
#ifndef SITE_H
#define SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "site/site_answer.h"

struct report;
struct stack;

/* False: nothing that fits the size, in bytes, is known. The modules are open
 * meanwhile. What a stack's calls lead to is kept, so that the next block of
 * the same place is cheap. */
bool site_find(struct report *report, const struct stack *stack, uint64_t size,
	       struct site *site);

#endif
