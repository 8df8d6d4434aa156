/*
 * The programs that have a finding.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <stddef.h>

struct finding;
struct past;
struct program;
struct report;

void witness_add(struct report *report, struct past *past,
		 const struct program *program);
/* The programs that have the finding or what was folded into it, each once, by
 * process id; in the report's memory. Of one that is gone, those that had it.
 */
const struct program **finding_programs(struct report *report,
					const struct finding *finding,
					size_t *n);

#endif
