/*
 * LeakSanitizer's text, for tools that parse that.
 */
#ifndef LSAN_H
#define LSAN_H

#include <stdio.h>

struct report;

void lsan_print(struct report *report, FILE *out);

#endif
