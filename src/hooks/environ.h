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
	bool kept;    /* with the thread's record */
	char **given; /* what environ was, while it is lent */
};

/* Any thread, also in a child of vfork. What the kernel would refuse to read is
 * left to it as it is. */
struct environment environment_complete(char *const given[]);
/* The call came back. */
void environment_drop(struct environment *environment);
/* For a function of libc's that hands on environ by itself: environ has our
 * words until it is taken back, where no other thread could see them there.
 * What then cannot be tracked is told to be unknown. Keeps errno. */
struct environment environment_lend(void);
void environment_take_back(struct environment *lent);
/* Whether the kernel would read that text. */
bool environment_is_text(const char *text);

/* What the program executes is not tracked any more: our words leave its own
 * environment. */
void environment_leave(void);

#endif
