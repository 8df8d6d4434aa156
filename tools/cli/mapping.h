/*
 * The report that a process maps.
 */
#ifndef MAPPING_H
#define MAPPING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A descriptor of its report; -1 for a forked child that has none yet, and
 * where the report is deleted and closed: a request makes a new one; and where
 * the process does not run under Gordian (not tracked). Ends us with a message
 * where it cannot be looked at. */
int process_report(pid_t pid, bool *tracked);
/* What its mapping of a report, its own or its parent's, says of answers that
 * it could not write (request.h); 0: nothing. */
uint64_t process_unanswered(pid_t pid);

#endif
