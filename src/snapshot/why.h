/*
 * Answers `gordian why`: what holds the block at an address. First by the path
 * alone, which needs no scan. Where there is none, a scan says whether the
 * block is a leak. Snapshot child only.
 */
#ifndef WHY_H
#define WHY_H

#include <stdint.h>
#include "graph/findings.h"
#include "snapshot/frozen.h"

/* ASK_PATH. 0 or -errno: the answer is in snapshot->shared->answered. */
int why_path(const struct snapshot *snapshot, uint64_t program_pages)
	__attribute__((warn_unused_result));
/* ASK_HELD, after the scan: found is what it found. 0 or -errno. */
int why_held(const struct snapshot *snapshot, const struct findings *found)
	__attribute__((warn_unused_result));

#endif
