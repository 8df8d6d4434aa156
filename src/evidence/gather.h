/*
 * Gathers the evidence of one finding. Snapshot child only.
 */
#ifndef GATHER_H
#define GATHER_H

#include "base/arena.h"
#include "evidence/evidence.h"
#include "graph/finding.h"
#include "scan/scanned.h"

/* The word that makes the block a suspect. */
struct evidence_word gather_word(uintptr_t block);
/* Gathers what every line of a finding tells: who holds it. */
void gather_hold(const struct finding *finding, struct evidence *out);
/* Gathers what only its first line tells: the sample. */
void gather_sample(const struct scan *scan, const struct finding *finding,
		   struct arena *arena, struct evidence *out);

#endif
