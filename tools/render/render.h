/*
 * Prints a report that was read.
 */
#ifndef RENDER_H
#define RENDER_H

#include <stdio.h>

struct report;

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NONE };

/* FORMAT_NONE prints nothing. */
void report_render(struct report *report, enum format format, FILE *out);

#endif
