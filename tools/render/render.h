/*
 * A report that has been read, printed.
 */
#ifndef RENDER_H
#define RENDER_H

#include <stdio.h>

struct report;

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NONE };

/* Looks up the names that it needs, then prints; FORMAT_NONE: neither. */
void report_render(struct report *report, enum format format, FILE *out);

#endif
