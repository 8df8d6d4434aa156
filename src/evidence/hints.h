/*
 * What the words of a member tell of its type: which may be counts, and which
 * lead into modules. What stands in a word is told only of such counts.
 */
#ifndef HINTS_H
#define HINTS_H

#include <stdint.h>
#include "evidence/evidence.h"

/* Fills counts, points and vtable; member->in must be there. */
void hints_find(struct evidence_member *member);

/* The end of so many first bytes of a block, or of the block, but before the
 * blocks that a pool has made in it. */
uintptr_t hints_end(const struct evidence_member *member, uint64_t bytes);

#endif
