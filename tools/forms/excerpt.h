/*
 * Lines of a program's sources, as the files are now.
 */
#ifndef EXCERPT_H
#define EXCERPT_H

#include <jansson.h>

/* The lines around that one, {"first": 20, "lines": ["..."]}; a new reference.
 * NULL: there is no such file, it may not be read, it is no regular file with a
 * source's suffix, or it has no such line. Only such files are read, since a
 * report may come from somebody else and name any. */
json_t *excerpt_json(const char *path, int line);

#endif
