/*
 * Puts a path into the programmer's words.
 */
#ifndef TRACE_H
#define TRACE_H

struct path;
struct report;

/* Looks up names, types and fields. */
void path_explain(struct report *report, struct path *path);
/* The same, but leaves files with names open, for other paths. */
void path_look_up(struct report *report, struct path *path);

#endif
