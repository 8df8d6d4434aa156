/*
 * What counts, finalizers and descriptors tell, as text.
 */
#ifndef DETAILS_H
#define DETAILS_H

#include <stdbool.h>

struct picture;
struct page;

/* False: nothing. */
bool details_print(const struct page *page, const struct picture *picture);

#endif
