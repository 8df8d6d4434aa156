/*
 * Prints a report that was read.
 */
#ifndef RENDER_H
#define RENDER_H

#include <stdio.h>

struct report;
struct view;

void report_render(struct report *report, const struct view *view, FILE *out);

#endif
