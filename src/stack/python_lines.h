/*
 * Tables of lines of CPython's code objects.
 */
#ifndef PYTHON_LINES_H
#define PYTHON_LINES_H

#include <stddef.h>
#include <stdint.h>

/* The line of an instruction, or 0. `unit` is its number, two bytes each; the
 * function begins at line `first`. version: 0x030b is 3.11. */
int python_line(const uint8_t *table, size_t n, uint32_t version, int first,
		uint32_t unit);

#endif
