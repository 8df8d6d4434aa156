/*
 * The sample of a finding: what the first record of it tells besides its
 * figures.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <jansson.h>

struct finding;
struct report;

/* Takes members, what the head keeps, edges, acquires, cut. */
void sample_take(struct report *report, struct finding *finding,
		 const json_t *record);

#endif
