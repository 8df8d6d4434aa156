/*
 * Findings that would read the same.
 */
#ifndef ALIKE_H
#define ALIKE_H

#include <stddef.h>

struct order;
struct page;

/* Marks of the first n findings those whose stacks have to be printed in full,
 * because another one's would look the same. */
void alikes_mark(const struct page *page, const struct order *order, size_t n);

#endif
