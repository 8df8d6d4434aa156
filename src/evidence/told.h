/*
 * What runtimes tell of the blocks of a sample.
 *
 * Snapshot child only.
 */
#ifndef TOLD_H
#define TOLD_H

#include "evidence/evidence.h"

/* Fills runtime, part_of, and what macros have not told: type, refcount,
 * finalizer. The places must be there. */
void told_member(struct evidence_member *member, struct evidence *out);
/* The block of the object of which it is a part, or 0. */
uintptr_t told_owner(uintptr_t block);
/* The descriptors that it holds; how many. */
uint32_t told_resources(const struct evidence_member *member, int *fds,
			uint32_t n);
/* The name of the word at that address (0: unknown) in a block, which leads to
 * another; or NULL. */
const char *told_field(uintptr_t block, uintptr_t at, uintptr_t to,
		       struct evidence *out);
/* Why no collector frees the cycle, or NULL. */
const char *told_reason(struct evidence *out);

#endif
