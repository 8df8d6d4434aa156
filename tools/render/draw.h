/*
 * A cycle, drawn as one.
 */
#ifndef DRAW_H
#define DRAW_H

struct finding;
struct page;

void cycle_draw(const struct page *page, const struct finding *finding);

#endif
