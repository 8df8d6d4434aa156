/*
 * Memory for what is allocated before the real allocator is known: dlsym, which
 * looks it up, may allocate, and so may whoever comes first. Any size; never
 * given back. The scan reads it as a root.
 */
#ifndef BOOTSTRAP_H
#define BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed; NULL when memory is short. In the first thread alone. */
void *bootstrap_alloc(size_t align, size_t size);
size_t bootstrap_size(const void *p);

/* All of it lies in this, and so may much else. */
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

/* The i-th part of it that is in use; false: there are no more. */
bool bootstrap_range(unsigned i, uintptr_t *low, uintptr_t *high);

#endif
