/*
 * Whether a candidate fits a block of a size, and as what.
 */
#ifndef SITE_FIT_H
#define SITE_FIT_H

#include <stdbool.h>
#include <stdint.h>

struct found;

/* All of them: the size is the block's, in bytes, and not 0. */
typedef bool fits_fn(const struct found *found, uint64_t size);

/* The block is one of that type; */
fits_fn fits_whole;
/* its size was rounded up; */
fits_fn fits_rounded;
/* it is several in a row, evidently; */
fits_fn fits_array;
/* also: by a size that the code has, or that of so many of something, where
 * nothing else begins so; */
fits_fn fits_row;
/* it is several, and their number before; */
fits_fn fits_cookie;
/* it goes on behind the type; */
fits_fn fits_longer;
/* it is bytes; */
fits_fn fits_text;
/* it begins with the type. */
fits_fn fits_base;

/* What malloc_usable_size() of glibc says of a block of that size. */
uint64_t usable_size(uint64_t size);
/* Whether glibc may have said that size. */
bool says_usable(const struct found *found, uint64_t size);

#endif
