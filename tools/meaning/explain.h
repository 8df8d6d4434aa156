/*
 * Puts a report into the programmer's words, between reading and printing.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

struct report;

/* Looks up names, types and fields, then says of each finding what they mean.
 * Call it once, after report_finish(). It may add warnings, about files that
 * have no names. All files with names are closed when it returns. */
void report_explain(struct report *report);

#endif
