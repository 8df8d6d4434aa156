/*
 * Folded stacks, as flame graphs are made of: "outermost;...;innermost bytes".
 */
#ifndef FOLDED_H
#define FOLDED_H

#include <stdio.h>

struct report;

void folded_print(struct report *report, FILE *out);

#endif
