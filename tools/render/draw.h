/*
 * A cycle, drawn as one.
 */
#ifndef DRAW_H
#define DRAW_H

struct finding;
struct page;
struct report;

/* Looks up names for what will be drawn. */
void cycle_resolve(struct report *report, const struct finding *finding);
void cycle_draw(const struct page *page, const struct finding *finding);

#endif
