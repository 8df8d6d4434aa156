/*
 * The members of a finding's sample: what each block is, and what it keeps
 * open. All reads of a member's memory are here and in edges.h.
 */
#ifndef MEMBERS_H
#define MEMBERS_H

#include <stdint.h>
#include "evidence/evidence.h"
#include "graph/finding.h"
#include "scan/scanned.h"

/* A node as a member: only its block, size and stack. */
struct evidence_member members_node(const struct scan *scan, uint32_t node);
/* What one block is, whether or not it is a node: without what it keeps open.
 * The places may be empty. */
struct evidence_member members_block(uintptr_t block, struct evidence *out);
/* Fills member and resource: members and what the head keeps. The places must
 * be there. */
void members_find(const struct scan *scan, const struct finding *finding,
		  struct evidence *out);

#endif
