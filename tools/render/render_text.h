/*
 * A report for people.
 */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <stdio.h>

struct order;
struct report;

/* Looks up names for what will be printed, which is not all. */
void text_resolve(struct report *report, const struct order *order);
void render_text(struct report *report, const struct order *order, FILE *out);

#endif
