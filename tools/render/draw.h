/*
 * A cycle, drawn as one.
 */
#ifndef DRAW_H
#define DRAW_H

struct page;
struct picture;

void cycle_draw(const struct page *page, const struct picture *picture);

#endif
