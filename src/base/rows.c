/*
 * See rows.h. Heap sort; no locks, no recursion.
 */
#include <string.h>
#include "base/rows.h"

static uint64_t key(const char *row)
{
	return *(const uint64_t *)row;
}

/* Lets x sink from row i on, to where no row below it is larger. */
static void sift(char *rows, size_t size, uint32_t i, uint32_t n, const char *x)
{
	for (;;) {
		uint64_t child = 2 * (uint64_t)i + 1;

		if (child >= n)
			break;
		if (child + 1 < n &&
		    key(rows + (child + 1) * size) > key(rows + child * size))
			child++;
		if (key(rows + child * size) <= key(x))
			break;
		memcpy(rows + i * size, rows + child * size, size);
		i = (uint32_t)child;
	}
	memcpy(rows + i * size, x, size);
}

void rows_sort(void *rows, size_t size, uint32_t n)
{
	_Alignas(8) char x[ROWS_SIZE];
	char *list = rows;
	uint32_t i;

	for (i = n / 2; i--;) {
		memcpy(x, list + i * size, size);
		sift(list, size, i, n, x);
	}
	for (i = n; i-- > 1;) {
		memcpy(x, list + i * size, size);
		memcpy(list + i * size, list, size);
		sift(list, size, 0, i, x);
	}
}
