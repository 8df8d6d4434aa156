/*
 * What further is shown of a finding: the blocks that the head of one that is
 * no cycle leads to, and how many words lead to each block that is shown.
 */
#ifndef KEPT_H
#define KEPT_H

#include <stdint.h>
#include "base/arena.h"
#include "graph/finding.h"
#include "graph/graph.h"

/* Fills kept and in. The list is in the order of the report: its first get the
 * most. 0, or -ENOMEM. */
int kept_fill(const struct graph *graph, struct arena *arena,
	      struct finding *list, uint32_t n)
	__attribute__((warn_unused_result));

#endif
