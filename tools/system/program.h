/*
 * PROGRAM before it runs: which file it is, and whether the library can be
 * loaded into it.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>

struct program_file {
	char *path;	   /* malloc'd; NULL: not found */
	const char *blind; /* why nothing of it can be seen, or NULL */
	bool refuses;	   /* it refuses to run with a library preloaded */
};

/* Looks name up in PATH as exec does, follows #! lines to the interpreter, and
 * inspects the file that the kernel would run. */
struct program_file program_inspect(const char *name);
/* The interpreter that a script names, malloc'd, or NULL. */
char *program_interpreter(const char *path);
/* The interpreter that a script names and that does not exist, malloc'd, or
 * NULL. */
char *program_missing_interpreter(const char *path);

#endif
