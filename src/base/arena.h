/*
 * Memory of our own, never of libc's allocator: mappings, counted against a
 * limit, and small pieces that are cut from them. Any thread may call, also in
 * a signal handler; nothing here blocks or touches errno.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed pages, only reserved: a page costs memory once it is written. NULL
 * when memory is short. bytes is rounded up to pages. */
void *arena_map(size_t bytes) __attribute__((warn_unused_result));

/* The same for a table of which little will be written. It does not count
 * against the limit. */
void *arena_reserve(size_t bytes) __attribute__((warn_unused_result));

/* In the child: from now on at most so many bytes may be mapped at a time. */
void arena_limit(size_t bytes);
/* The same limit, if it is not larger already, for what is mapped since then.
 */
void arena_allow(size_t bytes);
/* The limit, once something was refused because of it; else 0. */
size_t arena_exceeded(void);

/* The most bytes that were mapped at a time since arena_limit(), without
 * reserved tables. */
size_t arena_peak(void);

/* Grows or shrinks what arena_map(bytes) returned, and moves it. NULL when
 * memory is short: nothing has changed then. pages may be NULL. */
void *arena_resize(void *pages, size_t bytes, size_t to)
	__attribute__((warn_unused_result));

/* Gives back the whole of what arena_map(bytes) returned. NULL does nothing. */
void arena_unmap(void *pages, size_t bytes);

/* The same for the mapping that begins at start, if it is one of ours. */
void arena_unmap_at(const void *start);

/* Grow-only memory for one owner (not shared between threads without a lock).
 * A zeroed struct arena is empty and ready. */
struct arena {
	char *at, *end;
};

/* Zeroed, 16-aligned, lives as long as the process; NULL when memory is
 * short. */
void *arena_alloc(struct arena *arena, size_t bytes)
	__attribute__((warn_unused_result));

/* The same, at a multiple of align, a power of two from 16 up to 4096. */
void *arena_aligned(struct arena *arena, size_t bytes, size_t align)
	__attribute__((warn_unused_result));

/* n members of that size; NULL also when their sum is beyond a size_t. */
static inline void *arena_array(struct arena *arena, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return arena_alloc(arena, bytes);
}

/* Gives back what arena_array() returned for that n and size, if it is large.
 * Small memory stays with the arena. */
void arena_release(void *memory, size_t n, size_t size);

/* The index of the first mapping made since arena_limit(). */
unsigned arena_own(void);

/* Debug builds and tests: 1 when the arena keeps its promises. */
int arena_is_valid(const struct arena *arena);

#endif
