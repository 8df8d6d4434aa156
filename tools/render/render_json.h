/*
 * A report as JSON.
 */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include <stdio.h>

struct report;

void render_json(struct report *report, FILE *out);

#endif
