/*
 * Candidates that may just be the first member of what the block is.
 */
#ifndef SITE_FIRST_H
#define SITE_FIRST_H

#include <stddef.h>
#include <stdint.h>

struct found;

/* Marks those of a block of that size. */
void first_mark(struct found *found, size_t n, uint64_t size);

#endif
