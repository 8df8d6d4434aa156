/*
 * What mmap, munmap, mremap and madvise have done, told by their hooks or by
 * syscall()'s.
 */
#ifndef HOOKS_MAP_H
#define HOOKS_MAP_H

#include <stddef.h>

void mapping_made(void *at, size_t size, const void *caller);
void mapping_ends(void *at, size_t size);
void mapping_moved(void *old, size_t old_size, void *at, size_t size,
		   const void *caller);
void mapping_advised(void *at, size_t size, int advice);

#endif
