/*
 * Pages straight from the kernel, never from libc's allocator, and the registry
 * of all mappings, so that the scan can leave them out of the roots. Any thread
 * may call, also in a signal handler; nothing here blocks or touches errno.
 *
 * Bytes are whole pages everywhere. 0 is too many: nothing is mapped.
 */
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Maps room for what every program needs at the start. Call it once, while
 * there is one thread. */
void pages_begin(void);

/* Zeroed pages, only reserved: a page costs memory once it is written. NULL
 * when memory is short. */
void *pages_map(size_t bytes) __attribute__((warn_unused_result));

/* Grows or shrinks what pages_map(bytes) returned, and moves it. NULL when
 * memory is short: nothing has changed then. */
void *pages_resize(void *pages, size_t bytes, size_t to)
	__attribute__((warn_unused_result));

/* Gives back the whole of what pages_map(bytes) returned. */
void pages_unmap(void *pages, size_t bytes);

/* How many bytes the mapping has that begins at start; 0 when there is none of
 * ours. */
size_t pages_bytes(const void *start);

/* The i-th mapping of ours: 1 and its bounds, or 0 past the last. A mapping
 * that was given back leaves an empty range (start == end). The order means
 * nothing; neighbours may touch. */
int pages_range(unsigned i, uintptr_t *start, uintptr_t *end);
/* Bytes that are mapped. */
size_t pages_total(void);

/* In the child: every mapping from now on is a new range. The index of the
 * first. */
unsigned pages_anew(void);

/* Gives back every mapping that keep() does not want, and maps nothing from now
 * on. Nobody may use what was given back. */
void pages_give_back(bool keep(uintptr_t start));

/* Defined by tests alone: non-zero makes a mapping or allocation fail. */
int memory_refuses(size_t bytes) __attribute__((weak, visibility("hidden")));

#endif
