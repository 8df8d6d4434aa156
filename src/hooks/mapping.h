/*
 * Mappings: which are an allocator's own. A mapping that its code makes, or
 * libunwind's for us, is no root, although its metadata points at live blocks.
 * glibc's malloc uses no hook. That a hook is under way (the guard) says
 * nothing: a signal handler may have interrupted it.
 *
 * What mmap, munmap, mremap and madvise have done is told here by their hooks
 * or by syscall()'s.
 */
#ifndef MAPPING_H
#define MAPPING_H

#include <stdbool.h>
#include <stddef.h>

void mapping_made(void *at, size_t size, const void *caller);
void mapping_ends(void *at, size_t size);
void mapping_moved(void *old, size_t old_size, void *at, size_t size,
		   const void *caller);
void mapping_advised(void *at, size_t size, int advice);
/* Whether the code that called is an allocator's, or libunwind's. */
bool mapping_is_allocators(const void *caller);

#endif
