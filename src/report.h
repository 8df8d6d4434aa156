/*
 * From findings to the lines of the report file. Snapshot child only.
 */
#ifndef REPORT_H
#define REPORT_H

#include "finding.h"
#include "scan.h"
#include "snapshot.h"

/* What was written of a scan: findings, those that are no suspects, and of
 * these the ones that no scan reported before. */
struct written {
	uint32_t findings, alarms, fresh;
	uint64_t bytes; /* that the alarms are and keep, each once */
};

/* The finding lines of one scan; adds to what was written. 0 or -errno. */
int report_findings(const struct snapshot *snapshot, const struct scan *scan,
		    const struct findings *findings, struct arena *arena,
		    struct written *out) __attribute__((warn_unused_result));
/* Warnings of macros used wrongly. 0 or -errno. */
int report_misuses(const struct snapshot *snapshot)
	__attribute__((warn_unused_result));
/* The line that closes it. */
int report_scan(const struct snapshot *snapshot, uint32_t findings)
	__attribute__((warn_unused_result));
/* Stacks by what they are on every machine: fills class, classes and
 * class_hash of the scan's graph. 0 or -ENOMEM. */
int classes_find(struct scan *scan, struct arena *arena)
	__attribute__((warn_unused_result));
/* The next frame of a stack outwards that is not ours: its node, 0 at the
 * end. Begin with the stack's id. */
uint32_t classes_frame(uint32_t node);

#endif
