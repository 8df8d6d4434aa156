/*
 * The folder of the user's cache: files that may be gone any time.
 */
#ifndef SHELF_H
#define SHELF_H

#include <stddef.h>

/* What is kept at most, in bytes and files; what a single file may have. */
#define SHELF_MOST ((size_t)64 << 20)
#define SHELF_FILES 64
#define SHELF_FILE_MOST (SHELF_MOST / 2)

/* $XDG_CACHE_HOME/gordian, or that of ~/.cache; made when there is none. -1:
 * there can be none that is the user's own. */
int shelf_open(void);
/* All of a file, malloc'd, *n bytes; it counts as used now. NULL: there is no
 * such file of the user's. */
char *shelf_read(int shelf, const char *name, size_t *n);
/* Puts a whole file there, or leaves all as it was. What was not used for the
 * longest time goes where there is too much. */
void shelf_write(int shelf, const char *name, const char *bytes, size_t n);

#endif
