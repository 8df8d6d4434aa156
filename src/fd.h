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
/* fd still leads to a path that begins so. */
bool fd_is(const char *path, int fd);

#endif
