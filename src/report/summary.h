/*
 * What a program says at its end without `gordian run`.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "graph/findings.h"

struct scan;

/* In the snapshot child, as its last act. Becomes `gordian report`, which
 * prints to descriptor 2. When that command is not found, prints the findings
 * by module and offset. */
void summary_print(const struct scan *scan, const struct findings *findings);

#endif
