/*
 * Types and fields of what a report has, from debug information. A step
 * between looking names up and closing the modules; see symbols/resolve.h.
 */
#ifndef TYPES_H
#define TYPES_H

struct finding;
struct report;

/* Fills the types of members, and the fields, pointees and ownership of edges.
 * The places of all frames are known by then, and the modules still open. All
 * is in the report's memory. */
void types_find(struct report *report);
/* The same for one finding. */
void finding_types(struct report *report, struct finding *finding);

#endif
