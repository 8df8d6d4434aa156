/*
 * The few descriptors that we keep in the program. They have high numbers and
 * are closed on exec. Each is checked before use, since a program may close
 * everything and use the number again.
 */
#ifndef FD_H
#define FD_H

#include <stddef.h>

/* Moves a fresh descriptor out of the program's way. A negative errno is passed
 * through. */
int fd_high(long fd);
/* Opens a path below /proc ("self/maps"): a descriptor or -errno. */
long fd_open_proc(const char *path, int flags);
/* Reads a small file by one read, adds a 0, and closes it. Returns the length;
 * 0 when it cannot be read or fd is a negative errno. */
size_t fd_read_text(long fd, char *text, size_t room);

#endif
