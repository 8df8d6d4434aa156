/*
 * The sums over all findings.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

struct report;

struct summary {
	uint64_t findings, cycles, lost, excess_refs, bytes, retained_bytes;
	uint64_t suspects, pending, gone, came_back;
	uint64_t suppressed, baseline; /* that would be alarms otherwise */
	uint64_t growing;	       /* places that are not in the baseline */
	uint64_t growing_suppressed, growing_baseline;
	uint64_t gone_quietly; /* of those: suspects, and what was pending */
};

struct summary report_summary(const struct report *report);
/* Whether nothing is left that somebody wants to be told: all is known already,
 * or has gone as was foretold. */
bool summary_is_empty(const struct summary *sum);

#endif
