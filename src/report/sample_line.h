/*
 * The blocks of a sample and the edges among them, as parts of a line. Snapshot
 * child only.
 */
#ifndef SAMPLE_LINE_H
#define SAMPLE_LINE_H

#include <stdint.h>
#include "evidence/evidence.h"
#include "report/line.h"

/* Adds ,"name":[…] with so many members of the evidence. */
void line_members(struct line *line, const char *name,
		  const struct evidence *evidence, uint32_t first, uint32_t n);
/* Adds ,"held_by":"…": the only word that leads to a block. */
void line_held(struct line *line, const struct evidence_word *word);
/* Adds ,"edges":[…] */
void line_edges(struct line *line, const struct evidence *evidence);

#endif
