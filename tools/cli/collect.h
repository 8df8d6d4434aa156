/*
 * The reports of one run.
 */
#ifndef COLLECT_H
#define COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct found;
struct report;

struct collected {
	struct found *list; /* the files that are there */
	size_t n;
	size_t read; /* how many were reports */
};

/* Reads all reports of the run with that token into one, PROGRAM's first. Adds
 * PROGRAM's end when it could not write it itself. */
struct collected reports_collect(struct report *report, const char *pattern,
				 const char *token, pid_t pid, int status);
/* Removes files that say nothing: those of programs that were not looked at,
 * and, unless the user named them or something is unknown, those without a
 * finding or warning. PROGRAM's stays when it was named. The report is finished
 * by then. */
void reports_tidy(struct collected *all, const struct report *report,
		  bool named);
/* The name of the first that is left, or NULL. */
const char *reports_first(const struct collected *all);
void reports_free(struct collected *all);

#endif
