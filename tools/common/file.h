/*
 * Files that somebody else names.
 */
#ifndef FILE_H
#define FILE_H

#include <stddef.h>
#include <sys/stat.h>

/* Opens a regular file and no other, so that it never waits and no terminal
 * becomes ours. -1 with errno, EINVAL when it is something else. */
int regular_open(const char *path, int flags, struct stat *status);

/* All of a file, malloc'd, with a 0 behind it, and in *n its bytes. NULL with
 * errno, EFBIG when there are more than `most`. A pipe will do. */
char *file_bytes(const char *path, size_t most, size_t *n);

#endif
