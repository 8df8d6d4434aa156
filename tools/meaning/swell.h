/*
 * Puts places that grow into the programmer's words: names, types, fields.
 * Places that mean the same become one.
 */
#ifndef SWELL_H
#define SWELL_H

struct report;

/* Files with names stay open. */
void growing_explain(struct report *report);

#endif
