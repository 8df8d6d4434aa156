/*
 * Suppressions for what a report has.
 */
#ifndef GENERATE_H
#define GENERATE_H

#include <stdio.h>

struct report;

/* Prints one for each alarm of an explained report, in the form of
 * suppressions.h, with a comment that says what it stands for. */
void suppressions_print(struct report *report, FILE *out);

#endif
