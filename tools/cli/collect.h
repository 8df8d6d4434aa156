/*
 * The reports of one run.
 */
#ifndef COLLECT_H
#define COLLECT_H

#include <stddef.h>
#include <sys/types.h>

struct report;

/* Reads all reports of the run with that token into one, PROGRAM's first. Adds
 * PROGRAM's end when it could not write it itself. Returns how many there were.
 * *first is the name of the first, malloc'd. */
size_t reports_collect(struct report *report, const char *pattern,
		       const char *token, pid_t pid, int status, char **first);

#endif
