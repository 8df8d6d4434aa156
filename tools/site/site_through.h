/*
 * Functions that return what they are given.
 */
#ifndef SITE_THROUGH_H
#define SITE_THROUGH_H

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct value;
struct walk;

/* Whether the function at that address of the module's code returns the block
 * that is among its arguments; *result: what it returns then. */
bool through_find(struct walk *walk, const struct machine *machine,
		  uint64_t address, struct value *result);

#endif
