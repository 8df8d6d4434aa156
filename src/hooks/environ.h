/*
 * The environment with which a program is executed: what was given, and the two
 * words by which it is tracked, too.
 */
#ifndef ENVIRON_H
#define ENVIRON_H

#include <stdbool.h>
#include <stddef.h>

struct environment {
	char *const *words; /* the words to be used */
	void *pages;	    /* pages that hold them, or NULL */
	size_t bytes;
	bool kept;    /* the pages stay with the thread's record */
	char **given; /* what environ was, while it is lent */
};

/* Any thread, also in a child of vfork. What the kernel would refuse to read is
 * left as it is, for the kernel. */
struct environment environment_complete(char *const given[]);
/* The call has returned. */
void environment_drop(struct environment *environment);
/* For a function of libc's that hands on environ by itself. environ has our
 * words until environment_take_back(), provided that no other thread could see
 * them there. Otherwise what is executed is told to be unknown. Keeps errno. */
struct environment environment_lend(void);
void environment_take_back(struct environment *lent);
/* Whether the kernel would read that text. */
bool environment_is_text(const char *text);

/* What the program executes is not tracked from now on: our words leave its own
 * environment. */
void environment_leave(void);

#endif
