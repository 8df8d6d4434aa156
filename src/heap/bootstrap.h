/*
 * Memory for what is allocated before the real allocator is known. dlsym, which
 * looks it up, may allocate, and so may any code that runs first. Blocks have
 * any size and are never given back. The scan reads them as roots.
 */
#ifndef BOOTSTRAP_H
#define BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory; NULL when memory is short. Only in the first thread. */
void *bootstrap_alloc(size_t align, size_t size);
size_t bootstrap_size(const void *p);

/* All blocks lie in this range. So may much else. */
extern struct bootstrap_hull {
	uintptr_t low;
	size_t bytes;
} bootstrap_hull __attribute__((visibility("hidden")));
bool bootstrap_owns_slow(uintptr_t p);
static inline bool bootstrap_owns(const void *p)
{
	return (uintptr_t)p - bootstrap_hull.low < bootstrap_hull.bytes &&
	       bootstrap_owns_slow((uintptr_t)p);
}

/* The i-th part that is in use; false when there are no more. */
bool bootstrap_range(unsigned i, uintptr_t *low, uintptr_t *high);

#endif
