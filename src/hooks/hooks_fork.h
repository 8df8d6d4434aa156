/*
 * Copies of the process that syscall() makes by number.
 */
#ifndef HOOKS_FORK_H
#define HOOKS_FORK_H

#include <stdbool.h>

/* Whether this system call, with its first two arguments, makes a copy that can
 * be followed like a child of fork. */
bool fork_is_raw(long number, long a, long b);
/* Makes the copy, with five arguments. Returns as syscall() does, in both
 * processes. */
long fork_raw(long number, const long *args);

#endif
