/*
 * Private halves of objects: a pimpl, a d pointer.
 */
#ifndef PRIVATE_H
#define PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

struct blocks;

/* Whether block i is the private half of its only holder. */
bool private_is(const struct blocks *blocks, size_t holder, size_t i);

#endif
