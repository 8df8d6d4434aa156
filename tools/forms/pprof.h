/*
 * pprof: a gzipped profile of what is leaked, and of what that keeps.
 */
#ifndef PPROF_H
#define PPROF_H

#include <stdio.h>

struct report;

void pprof_print(struct report *report, FILE *out);

#endif
