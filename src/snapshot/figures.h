/*
 * The figures of a scan, for the line that closes it. Snapshot child only.
 */
#ifndef FIGURES_H
#define FIGURES_H

#include <stdint.h>
#include "snapshot/frozen.h"

/* Writes the line. findings: how many were written. Notes for the budget what
 * was copied. 0 or -errno. */
int figures_report(const struct snapshot *snapshot, uint32_t findings)
	__attribute__((warn_unused_result));

#endif
