/*
 * The files that --rules names, before the program starts.
 */
#ifndef RULES_H
#define RULES_H

/* Ends the command where a file cannot be read or has a bad line: the library
 * only warns. Returns its absolute path, the caller's to free. */
char *rules_check(const char *path);

#endif
