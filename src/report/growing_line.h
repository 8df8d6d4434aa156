/*
 * The line of a place that grows. Snapshot child only.
 */
#ifndef GROWING_LINE_H
#define GROWING_LINE_H

#include <stdint.h>
#include "evidence/evidence.h"
#include "evidence/way.h"
#include "report/line.h"
#include "report/path_line.h"

struct growing_figures {
	uint32_t scan, place;  /* its number in this process */
	uint32_t stack;	       /* 0: the report has it */
	const uint32_t *count; /* at each scan, oldest first */
	uint32_t counts;
	uint64_t bytes;
	/* Where a path was searched for: what only its blocks hold, and the
	 * number of the place that holds them; 0: none. */
	uint64_t retained_bytes, retained_blocks;
	uint32_t within;
};

/* way and target: NULL, or the path to the newest of its blocks. evidence: its
 * steps; the block alone where there is a target and no way. */
void growing_line(struct line *line, const struct growing_figures *figures,
		  const struct path_target *target, const struct way *way,
		  const struct evidence *evidence);

#endif
