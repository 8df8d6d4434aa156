/*
 * What to do about a cycle, in words.
 */
#ifndef CUT_H
#define CUT_H

#include <stdbool.h>

struct page;
struct picture;

/* Whether the cut closes the ring as it is drawn. */
bool cut_is_drawn(const struct picture *picture);
/* What stands at the edge that is cut. */
void cut_mark(const struct page *page, const struct picture *picture);
/* What there is to say of it below the drawing; false: nothing. */
bool cut_print(const struct page *page, const struct picture *picture);

#endif
