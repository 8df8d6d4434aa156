/*
 * Places that grow: stacks of which ever more blocks are reached, from scan to
 * scan. Each scan counts, and writes a line for each place that grows.
 *
 * Snapshot child only.
 */
#ifndef GROWING_H
#define GROWING_H

#include "scan/root.h"
#include "scan/scanned.h"

struct arena;
struct snapshot;

/* Counts, and writes the lines. Once a scan, when it has marked and the graph
 * still has the nodes' stacks. Without memory it does nothing. The error for
 * which lines are missing, or 0. */
int growing_scan(const struct snapshot *snapshot, const struct roots *roots,
		 const struct scan *scan, struct arena *arena)
	__attribute__((warn_unused_result));

#endif
