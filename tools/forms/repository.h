/*
 * The repository of the current directory, as git has it, or that directory.
 */
#ifndef REPOSITORY_H
#define REPOSITORY_H

struct report;

/* Its top, without links; never NULL, in static memory, without a slash at its
 * end: "" is the root. */
const char *repository_top(void);
/* The path of a source behind the top, without "." and "..": what a compiler
 * was told as a relative path is inside, and what it named by a link to the
 * repository, when PWD names that link. NULL: it is outside. In the report's
 * memory, or the file's own. */
const char *repository_path(struct report *report, const char *file);

#endif
