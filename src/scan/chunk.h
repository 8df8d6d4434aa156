/*
 * Chunks of glibc's malloc, by their form.
 */
#ifndef CHUNK_H
#define CHUNK_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a block of this size is one that malloc made, and no other block can
 * begin where it ends. */
bool chunk_is_malloced(uintptr_t block, uint64_t size);

#endif
