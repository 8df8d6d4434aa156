/*
 * A report for people.
 */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <stdio.h>

struct order;
struct report;

void render_text(struct report *report, const struct order *order, FILE *out);

#endif
