/*
 * PROGRAM, started and waited for.
 */
#ifndef CHILD_H
#define CHILD_H

#include <sys/types.h>

/* Runs words until the program ends. The status, as waitpid gives it. When it
 * cannot be executed, ends the command with one line. */
int child_run(char **words, pid_t *pid);

#endif
