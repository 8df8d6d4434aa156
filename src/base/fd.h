/*
 * The few descriptors that we keep in the program. They have high numbers and
 * are closed on exec. Each is checked before use, since a program may close
 * everything and use the number again.
 */
#ifndef FD_H
#define FD_H

/* Moves a fresh descriptor out of the program's way. A negative errno is passed
 * through. */
int fd_high(long fd);
/* Opens a path below /proc ("self/maps"): a descriptor or -errno. */
long fd_open_proc(const char *path, int flags);

#endif
