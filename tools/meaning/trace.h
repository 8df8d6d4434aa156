/*
 * Puts a path into the programmer's words.
 */
#ifndef TRACE_H
#define TRACE_H

struct path;
struct report;

/* Looks up names, types and fields. All files with names are closed when it
 * returns. */
void path_explain(struct report *report, struct path *path);

#endif
