/*
 * Copies of the process that are made by number, for syscall().
 */
#ifndef HOOKS_FORK_H
#define HOOKS_FORK_H

#include <stdbool.h>

/* That system call, with its first two arguments, makes one which can be
 * followed as a child of fork. */
bool fork_is_raw(long number, long a, long b);
/* Makes it, with five arguments; returns as syscall() does, in both. */
long fork_raw(long number, const long *args);

#endif
