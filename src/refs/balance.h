/*
 * Which acquires are outstanding. Releases are matched to acquires on the tree
 * of stacks, from the leaves inwards. So a release takes out the acquire that
 * shares the most outer functions with it, and the oldest among equals
 * (Mozilla's refcount balance trees). Snapshot child; arrays in, arrays out.
 */
#ifndef BALANCE_H
#define BALANCE_H

#include <stdint.h>
#include "base/arena.h"
#include "refs/refs.h"

struct balance {
	uint32_t stack, count;
};

/*
 * Writes at most room entries, the largest count first, and the youngest of
 * equal ones. Returns how many it wrote, or -ENOMEM. Frames stand for
 * functions: what stacks share are calls, from the outermost on.
 *
 * Of equals the oldest go first. Only the first acquire of an entry has a time,
 * so which of several was older may be a guess. Then all of them are listed,
 * each with what it could still have, and the sum is more than is outstanding.
 */
int balance_outstanding(const struct ref_entry *entries, struct arena *arena,
			struct balance *out, uint32_t room);

#endif
