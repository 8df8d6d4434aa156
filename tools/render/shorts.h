/*
 * What is no alarm, as text.
 */
#ifndef SHORTS_H
#define SHORTS_H

struct page;

void shorts_print(const struct page *page);

#endif
