/*
 * SARIF 2.1.0: a result a finding, as code hosts show them.
 */
#ifndef SARIF_H
#define SARIF_H

#include <stdio.h>

struct report;

void sarif_print(struct report *report, FILE *out);

#endif
