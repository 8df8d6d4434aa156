/*
 * Prints a report that was read.
 */
#ifndef RENDER_H
#define RENDER_H

#include <stdio.h>

struct report;

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NONE };

/* Looks up the names that the format needs, then prints. FORMAT_NONE:
 * neither. */
void report_render(struct report *report, enum format format, FILE *out);

#endif
