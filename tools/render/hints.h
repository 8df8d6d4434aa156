/*
 * What would give names to what has none.
 */
#ifndef HINTS_H
#define HINTS_H

struct page;

/* A line for each module of which something was printed without its name. */
void hints_print(const struct page *page);

#endif
