/*
 * The scans of a report, kept in few bytes.
 */
#ifndef SCANS_H
#define SCANS_H

#include <jansson.h>
#include <stdint.h>

struct program;
struct report;

/* What the line of a scan says. */
struct figures {
	uint64_t n, blocks, bytes, objects, pause_us, stopped_threads;
	uint64_t peak_child_kb, copied_kb;
	uint64_t stacks, stacks_walked,
		stacks_unwound; /* since the program's start */
	uint64_t stacks_checked, stacks_different;
	uint64_t findings; /* lines of the report */
	uint64_t spared;   /* see gone.c */
	double child_cpu_ms, cost_ms;
};

struct scan {
	struct scan *next;
	const struct program *program;
	const char *trigger;	/* or NULL */
	unsigned char packed[]; /* see scan_figures() */
};

/* The scan of a record, of the last program. */
struct figures figures_take(const json_t *record);
struct scan *scan_take(struct report *report, const json_t *record,
		       const struct figures *figures);
struct figures scan_figures(const struct scan *scan);
void triggers_free(struct report *report);

#endif
