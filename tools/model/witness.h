/*
 * The programs that have a finding.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <stddef.h>
#include <stdint.h>

struct finding;
struct past;
struct program;
struct report;
struct witness;

/* count: its instances in the program. */
void witness_add(struct report *report, struct past *past,
		 const struct program *program, uint64_t count);
/* All witnesses of the finding and of what was folded into it, in the report's
 * memory. Of one that is gone, those that had it. */
const struct witness **finding_witnesses(struct report *report,
					 const struct finding *finding,
					 size_t *n);
/* The programs that have the finding or what was folded into it, each once, by
 * process id; in the report's memory. Of one that is gone, those that had it.
 */
const struct program **finding_programs(struct report *report,
					const struct finding *finding,
					size_t *n);

#endif
