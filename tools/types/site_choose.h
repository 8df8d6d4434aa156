/*
 * Which of the candidates is the type of a block.
 */
#ifndef SITE_CHOOSE_H
#define SITE_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types/site_walk.h"

struct site;
struct value;

struct found {
	struct candidate candidate;
	unsigned depth;	 /* of the frame, from the allocator */
	int64_t base;	 /* so far behind the block's start begins what that
			    frame got */
	bool many;	 /* an allocator's argument: any number of them */
	bool is_guarded; /* it went on from there without a type */
	bool is_array;	 /* "new[]" was called on the way, */
	bool is_rounded; /* the size may be glibc's usable one */
	bool is_one;	 /* or "new" */
	size_t sizes_n;	 /* what the calls on the way here were given, three
			    each */
	const struct value *const *sizes;
};

/* False: none of them fits. */
bool site_choose(const struct found *found, size_t n, uint64_t size,
		 struct site *site);

#endif
