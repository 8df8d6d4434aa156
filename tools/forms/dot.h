/*
 * Graphviz: a graph a finding, its objects with fields, the cut dashed.
 */
#ifndef DOT_H
#define DOT_H

#include <stdio.h>

struct report;

void dot_print(struct report *report, FILE *out);

#endif
