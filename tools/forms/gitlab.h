/*
 * GitLab's code quality: a list of issues.
 */
#ifndef GITLAB_H
#define GITLAB_H

#include <stdio.h>

struct report;

void gitlab_print(struct report *report, FILE *out);

#endif
