/*
 * Seccomp filters that could not be read: the program began with them, or made
 * the system call itself.
 */
#ifndef REHEARSAL_H
#define REHEARSAL_H

/* The same in the constructor. */
const char *rehearsal_begin(void);
/* Before each scan: NULL when one can be made under all filters, or why not.
 * Under the stop lock. */
const char *rehearsal_refuses(void);

#endif
