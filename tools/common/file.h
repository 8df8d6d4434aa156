/*
 * Files that somebody else names.
 */
#ifndef FILE_H
#define FILE_H

#include <sys/stat.h>

/* Opens a regular file and no other, so that it never waits and no terminal
 * becomes ours. -1 with errno, EINVAL when it is something else. */
int regular_open(const char *path, int flags, struct stat *status);

#endif
