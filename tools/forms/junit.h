/*
 * JUnit: a test case a finding, as CI servers list them.
 */
#ifndef JUNIT_H
#define JUNIT_H

#include <stdio.h>

struct report;

void junit_print(struct report *report, FILE *out);

#endif
