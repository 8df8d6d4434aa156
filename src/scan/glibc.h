/*
 * glibc's malloc, by its form: its books and its free memory.
 *
 * Snapshot child only.
 */
#ifndef GLIBC_H
#define GLIBC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "heap/range.h"
#include "scan/maps.h"

/* Finds what in memory is glibc's allocator's own. Calls add for each range: it
 * is no root. */
typedef void glibc_cut_fn(uintptr_t low, uintptr_t high);
void glibc_cut(const struct maps *maps, glibc_cut_fn *add);
/* The main arena, when it lies in this mapping of libc's. */
bool glibc_arena(const struct maps *maps, const struct map *map,
		 struct range *out);
/* After glibc_cut(): the arena that follows in the ring, the first for 0; 0:
 * none. */
uintptr_t glibc_next_arena(uintptr_t before);
/* Where in an arena its bins are, 127 pairs of pointers. */
size_t glibc_bins(void);

#endif
