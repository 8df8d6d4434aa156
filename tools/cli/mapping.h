/*
 * The report that a process maps.
 */
#ifndef MAPPING_H
#define MAPPING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A descriptor of the process's report. -1 when it is a forked child that has
 * none yet, when the report is deleted and closed (a request makes a new one),
 * and when the process does not run under Gordian (*tracked is false). Ends the
 * command with a message when it cannot look. */
int process_report(pid_t pid, bool *tracked);
/* The count of answers that could not be written (request.h), from the
 * process's mapping of its own or its parent's report; 0: none. */
uint64_t process_unanswered(pid_t pid);

#endif
