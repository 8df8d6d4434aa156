/*
 * Debian's packages, as their lists of files tell of them.
 */
#ifndef PACKAGE_H
#define PACKAGE_H

/* The package that brought the file, malloc'd; NULL: none did, or this is no
 * Debian. Reads all lists, which takes some hundredths of a second. */
char *package_of(const char *path);

#endif
