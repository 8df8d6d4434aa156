/*
 * Places that grow, for people.
 */
#ifndef GROWTH_H
#define GROWTH_H

struct page;

/* Prints the largest, each with the path to one of its newest blocks; the rest
 * is counted, unless the page is verbose. What the baseline has is left out.
 * Nothing where none grows. */
void growth_print(const struct page *page);

#endif
