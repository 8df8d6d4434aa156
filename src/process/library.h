/*
 * How far the library is: at the first hook, whoever calls it, so much is made
 * that blocks can be recorded; in the constructor (init.c) the rest.
 *
 * Any thread, also in a signal handler.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>

/* True once blocks can be recorded; makes it so in the first caller, in the one
 * thread that there is then. */
bool library_begin(void);
/* True once it was made so; never makes it. */
bool library_is_up(void);
/* True after the constructor: scans may run, handlers are set. */
bool library_is_ready(void);
/* For the constructor: nothing was tried yet, or it runs already. */
bool library_is_new(void);
/* Memory was too short, or the process is privileged. */
bool library_has_failed(void);
void library_set_ready(void);
/* All calls are handed on from now on. */
void library_fail(void);
/* Who started this process has fewer rights than it has. */
bool library_is_privileged(void);

#endif
