/*
 * The edges among the members of a finding's sample, and which of them is the
 * one to cut.
 */
#ifndef EDGES_H
#define EDGES_H

#include "evidence/evidence.h"
#include "graph/finding.h"

/* Fills edge and cut. The members must be there. */
void edges_find(const struct finding *finding, struct evidence *out);

#endif
