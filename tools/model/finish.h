/*
 * A report after its last file.
 */
#ifndef FINISH_H
#define FINISH_H

struct report;

/* Sorts the findings, links those that are nested, says what is not known. */
void report_finish(struct report *report);
void report_free(struct report *report);

#endif
