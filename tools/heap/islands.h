/*
 * What no root leads to.
 */
#ifndef ISLANDS_H
#define ISLANDS_H

#include <stddef.h>
#include <stdint.h>

struct image;

struct islands {
	size_t n;
	uint32_t *heads; /* nodes; from them all is reached that no root does */
};

/* free() the heads. */
struct islands islands_find(const struct image *image);

#endif
