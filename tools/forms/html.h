/*
 * One page for a browser, which needs nothing else.
 */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

struct report;

void html_print(struct report *report, FILE *out);

#endif
