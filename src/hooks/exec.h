/*
 * Executing another program by its system call's number, for syscall().
 */
#ifndef EXEC_H
#define EXEC_H

/* With five arguments. Returns when it failed. */
long exec_raw(long number, const long *args);

#endif
