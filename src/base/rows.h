/*
 * Rows: items of one size. Each begins with a key of 64 bits.
 */
#ifndef ROWS_H
#define ROWS_H

#include <stddef.h>
#include <stdint.h>

/* The number of the first of n rows, in ascending order, whose key is not below
 * this one; n: there is none. */
static inline uint32_t rows_find(const void *rows, size_t size, uint32_t n,
				 uint64_t key)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const char *row = (const char *)rows + mid * size;

		if (*(const uint64_t *)row < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The same for the first whose key is above this one. */
static inline uint32_t rows_above(const void *rows, size_t size, uint32_t n,
				  uint64_t key)
{
	return key == UINT64_MAX ? n : rows_find(rows, size, n, key + 1);
}

static inline int rows_has(const uint64_t *rows, uint32_t n, uint64_t key)
{
	uint32_t at = rows_find(rows, sizeof *rows, n, key);

	return at < n && rows[at] == key;
}

/* Sorts by key, ascending; equal keys in any order. In place: sort.h needs as
 * much memory again. size is a multiple of 8, ROWS_SIZE at most. */
#define ROWS_SIZE 32
void rows_sort(void *rows, size_t size, uint32_t n);

#endif
