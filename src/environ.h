/*
 * The environment that a program is executed with: what was given, and the two
 * words that have it tracked too.
 */
#ifndef ENVIRON_H
#define ENVIRON_H

#include <stdbool.h>
#include <stddef.h>

struct environment {
	char *const *words; /* to be used */
	void *pages;	    /* that hold them, or NULL */
	size_t bytes;
	bool kept; /* with the thread's record */
};

/* Any thread, also in a child of vfork. What the kernel would refuse to read is
 * left to it as it is. */
struct environment environment_complete(char *const given[]);
/* The call came back. */
void environment_drop(struct environment *environment);
/* Whether the kernel would read that text. */
bool environment_is_text(const char *text);

/* What the program executes is not tracked any more: our words leave its own
 * environment. */
void environment_leave(void);

#endif
