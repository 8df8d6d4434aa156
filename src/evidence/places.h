/*
 * Which block of a finding's sample a node is.
 */
#ifndef PLACES_H
#define PLACES_H

#include <stdint.h>
#include "evidence/evidence.h"
#include "graph/finding.h"

/* Fills the table. */
void places_fill(const struct finding *finding, struct evidence_places *out);
/* The index of that node in evidence.member, or -1. node may be NODE_NONE. */
int32_t places_find(const struct evidence_places *places, uint32_t node);

#endif
