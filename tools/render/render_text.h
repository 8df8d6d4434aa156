/*
 * A report for people.
 */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <stdio.h>

struct order;
struct report;
struct view;

void render_text(struct report *report, const struct order *order,
		 const struct view *view, FILE *out);

#endif
