/*
 * What a program without `gordian run` says at its end.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "graph/findings.h"
#include "scan/scanned.h"

/* In the snapshot child, as its last act: becomes `gordian report`, which
 * prints to descriptor 2; where that command cannot be found, prints what was
 * found by module and offset. */
void summary_print(const struct scan *scan, const struct findings *findings);

#endif
