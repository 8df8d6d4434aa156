/*
 * A file that somebody else names.
 */
#ifndef FILE_H
#define FILE_H

#include <sys/stat.h>

/* Opens a regular file alone, so that nothing is waited for and no terminal
 * becomes ours; -1 with errno, EINVAL where it is something else. */
int regular_open(const char *path, int flags, struct stat *status);

#endif
