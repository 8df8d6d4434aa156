/*
 * The few descriptors of ours in the program: kept at high numbers, closed on
 * exec, and looked at before each use, since a program may close everything
 * and reuse the number.
 */
#ifndef FD_H
#define FD_H

#include <stdbool.h>

/* Moves a fresh descriptor (or passes a negative errno through) out of the
 * program's way. */
int fd_high(long fd);
/* fd still leads to a path that ends so. */
bool fd_is(const char *end, int fd);

/* /proc as it was at the start, for a program that changes its root. */
void fd_init(void);
/* Opens a path below /proc ("self/maps"): a descriptor or -errno. */
long fd_open_proc(const char *path, int flags);
/* The descriptor of /proc that is still that, or -1. */
int fd_proc(void);

#endif
