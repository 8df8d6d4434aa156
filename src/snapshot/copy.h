/*
 * The frozen copy of the program that a scan reads: a child.
 */
#ifndef COPY_H
#define COPY_H

#include <stdbool.h>

struct snapshot;

/* Stops the threads, clones the child, lets them go. 0; -EAGAIN: put off;
 * -errno. `must`: not put off, but made without a thread at last. */
int copy_make(const struct snapshot *snapshot, bool must)
	__attribute__((warn_unused_result));
/* No more are made. */
void copy_stop(void);

#endif
