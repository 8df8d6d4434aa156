/*
 * The line of one finding. Snapshot child only.
 */
#ifndef FINDING_LINE_H
#define FINDING_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include "evidence/evidence.h"
#include "graph/finding.h"
#include "report/line.h"

/* Writes the finding into an empty line. has_sample: it is the first one of its
 * id. */
void finding_line(struct line *line, uint32_t scan_n,
		  const struct finding *finding,
		  const struct evidence *evidence, bool has_sample);

#endif
