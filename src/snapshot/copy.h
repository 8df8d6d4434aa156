/*
 * The frozen copy of the program that a scan reads: a child.
 */
#ifndef COPY_H
#define COPY_H

#include <stdbool.h>

struct snapshot;

/* Stops the threads, clones the child, lets the threads go. 0; -EAGAIN: put
 * off; -errno. `must`: it is not put off, but at last made without a thread. */
int copy_make(const struct snapshot *snapshot, bool must)
	__attribute__((warn_unused_result));
/* No more copies are made. */
void copy_stop(void);

#endif
