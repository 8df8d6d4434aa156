/*
 * What counts, finalizers and descriptors tell, as text.
 */
#ifndef DETAILS_H
#define DETAILS_H

#include <stdbool.h>

struct finding;
struct page;

/* False: nothing. */
bool details_print(const struct page *page, const struct finding *finding);

#endif
