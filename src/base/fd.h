/*
 * The few descriptors of ours in the program: kept at high numbers, closed on
 * exec, and looked at before each use, since a program may close everything
 * and reuse the number.
 */
#ifndef FD_H
#define FD_H

/* Moves a fresh descriptor (or passes a negative errno through) out of the
 * program's way. */
int fd_high(long fd);
/* Opens a path below /proc ("self/maps"): a descriptor or -errno. */
long fd_open_proc(const char *path, int flags);

#endif
