/*
 * What the arguments of the calls that led to an allocation say of its size.
 */
#ifndef SITE_EVIDENCE_H
#define SITE_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

struct found;

/* The size was computed as that of so many elements of that size. */
bool evidence_counts(const struct found *found, uint64_t element);
/* Also: it says so by itself, as none of fewer or more bytes, or of a pointer.
 */
bool evidence_times(const struct found *found, uint64_t element);
/* It was computed as own and something more. */
bool evidence_sums(const struct found *found, uint64_t own);
/* It was computed as that of so many of something that is not a byte. */
bool evidence_elements(const struct found *found);
/* A function nearer to the allocator asked for a number of bytes that is not
 * what this one wanted: a pool, of which it gets a part. */
bool evidence_pool(const struct found *found, uint64_t size);
/* Such a function asked for the size as a number, and this one did not. */
bool evidence_inner(const struct found *found, uint64_t size);
/* It is a number that the code has. */
bool evidence_constant(const struct found *found, uint64_t size);

#endif
