/*
 * A candidate, and how the walk came to it.
 */
#ifndef SITE_FOUND_H
#define SITE_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/site_walk.h"

struct value;

struct found {
	struct candidate candidate;
	unsigned depth;	 /* of the frame, from the allocator */
	int64_t base;	 /* so far behind the block's start begins what that
			    frame got */
	uint64_t before; /* so many bytes of the block are not looked at */
	bool many;	 /* an allocator's argument: any number of them */
	bool is_first;	 /* it may just be how the block begins */
	bool is_guarded; /* it went on from there without a type */
	bool is_array;	 /* "new[]" was called on the way, */
	bool is_rounded; /* the size may be glibc's usable one */
	bool is_one;	 /* or "new" */
	size_t sizes_n;	 /* what the calls on the way here were given, three
			    each */
	const struct value *const *sizes;
};

#endif
