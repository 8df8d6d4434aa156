/*
 * The files from which a report's answers came.
 */
#ifndef ORIGINS_H
#define ORIGINS_H

struct report;
struct tape;

/* Writes which files there are and which are missing, while the modules are
 * open; or fails when something has changed. */
void origins_pass(struct tape *tape, struct report *report);

#endif
