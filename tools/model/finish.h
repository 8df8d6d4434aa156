/*
 * A report after its last file.
 */
#ifndef FINISH_H
#define FINISH_H

struct report;

/* Sorts the findings, the largest first, and marks those that are nested. */
void findings_order(struct report *report);
/* Does the same once all files are read, and says what is not known. */
void report_finish(struct report *report);
void report_free(struct report *report);

#endif
