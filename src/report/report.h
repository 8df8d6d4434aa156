/*
 * From findings to the lines of the report file. Snapshot child only.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "graph/finding.h"
#include "graph/findings.h"

struct scan;

#define REPORTED_IDS 65536
/* In the memory that child and program share. All zeros at first. */
struct reported {
	uint64_t id[REPORTED_IDS];   /* findings met: open addressing */
	uint8_t met[REPORTED_IDS];   /* enum met of report.c, ... */
	uint8_t alarm[REPORTED_IDS]; /* ... and whether it was an alarm */
	uint32_t misuses;	     /* misuses of macros told so far */
	uint32_t told_unwind;	     /* it was told that stacks are cut short */
};

/* What was written of a scan: findings; alarms, which are no suspects; and the
 * alarms that no scan reported before. */
struct written {
	uint32_t findings, alarms, fresh;
	uint32_t undecided; /* only types tell whether they are alarms */
	uint32_t unripe;    /* not written: they wait for a second scan */
	uint64_t bytes;	    /* that the alarms are and keep, each block once */
	int unwritten; /* -errno for which lines are missing; they are counted
			*/
};

/* Which scan is reported. */
struct reporting {
	struct reported *reported;
	uint32_t n;
	bool awaited; /* nothing waits for a second scan */
	/* An alarm that was not reported before. */
	void (*on_fresh)(const struct finding *finding, void *data);
	void *data;
};

/* Writes the finding lines of one scan, and adds to what was written. 0 or
 * -errno. That the report cannot be written is no such error. */
int report_findings(const struct reporting *reporting, const struct scan *scan,
		    const struct findings *findings, struct arena *arena,
		    struct written *out) __attribute__((warn_unused_result));
/* Whether a finding of that id was an alarm in a scan before. */
bool report_was_alarm(const struct reported *reported, uint64_t id);
/* Writes warnings of macros used wrongly. 0 or -errno. */
int report_misuses(struct reported *reported)
	__attribute__((warn_unused_result));

/* What a scan has looked at, and what it cost. */
struct figures {
	uint32_t n, findings, objects;
	uint32_t stopped; /* threads */
	const char *trigger;
	uint64_t blocks, bytes, spared;
	uint64_t pause_us, cpu_us, cost_us, copied_kb, peak_kb;
	/* Stacks that were captured; of these, walked whole and asked of
	 * libunwind. */
	uint64_t stacks, walked, unwound;
	bool checks_stacks; /* check-stacks: how many, how many differ */
	uint64_t checked, different;
};
/* Writes the line that closes the scan. */
int report_scan(const struct figures *figures, struct reported *reported)
	__attribute__((warn_unused_result));

#endif
