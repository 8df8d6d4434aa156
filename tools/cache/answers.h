/*
 * What was looked up of a report: names of frames, types of members, fields of
 * edges.
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <stddef.h>

struct report;
struct tape;

/* Writes the answers, or fills them into a report of which nothing has been
 * looked up. It had so many warnings before it was looked up. */
void answers_pass(struct tape *tape, struct report *report, size_t warnings);

#endif
