/*
 * The edges among the members of a finding's sample, and which of them is the
 * one to cut.
 */
#ifndef EDGES_H
#define EDGES_H

#include "evidence/evidence.h"
#include "graph/finding.h"
#include "scan/scanned.h"

/* Fills edge and cut. The members must be there. Old words are left out. */
void edges_find(const struct scan *scan, const struct finding *finding,
		struct evidence *out);

#endif
