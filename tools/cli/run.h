/*
 * Inside `run`: run.c sets up and ends, child.c starts PROGRAM and passes
 * signals on, collect.c finds the reports of the run.
 */
#ifndef RUN_H
#define RUN_H

#include <sys/types.h>

#include "model/model.h"

/* child.c: runs words until it ends; status as waitpid gives it. What cannot
 * be executed ends the command, with one line. */
int child_run(char **words, pid_t *pid);

/* collect.c */
/* The report pattern with an absolute path; ends the command when nothing can
 * be written there. */
char *pattern_prepare(const char *pattern);
/* Reads all reports of the run with that token into one, PROGRAM's first, and
 * adds its end where it could not itself. Returns how many there were; *first
 * is the name of the first, malloc'd. */
size_t reports_collect(struct report *report, const char *pattern,
		       const char *token, pid_t pid, int status, char **first);

#endif
