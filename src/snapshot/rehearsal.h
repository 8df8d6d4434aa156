/*
 * Seccomp filters that nobody could read: the program began with them, or made
 * the system call itself.
 */
#ifndef REHEARSAL_H
#define REHEARSAL_H

/* Before each scan: whether one can be made under all that there are. NULL, or
 * why not. Under the stop lock. */
const char *rehearsal_refuses(void);

#endif
