/*
 * How far the library is. The first hook, whoever calls it, makes what is
 * needed to record blocks. The constructor (init.c) makes the rest.
 *
 * Any thread, also in a signal handler.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>

/* True once blocks can be recorded. The first caller makes it so, in the one
 * thread that there is then. */
bool library_begin(void);
/* The same, but never makes it so. */
bool library_is_up(void);
/* True after the constructor: scans may run, handlers are set. */
bool library_is_ready(void);
/* For the constructor: nothing was tried yet, or library_begin() runs
 * already. */
bool library_is_new(void);
/* Memory was too short, or the process is privileged. */
bool library_has_failed(void);
void library_set_ready(void);
/* All calls are handed on from now on. */
void library_fail(void);
/* Whether the process has more rights than the user who started it. */
bool library_is_privileged(void);

#endif
