/*
 * Findings that would read the same.
 */
#ifndef ALIKE_H
#define ALIKE_H

struct order;
struct page;

/* Marks the findings whose stacks have to be printed in full, because another
 * one's would look the same. */
void alikes_mark(const struct page *page, const struct order *order);

#endif
