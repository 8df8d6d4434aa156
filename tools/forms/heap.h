/*
 * Findings as a heap that Chromium's DevTools load.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdio.h>

struct report;

void heap_print(struct report *report, FILE *out);

#endif
