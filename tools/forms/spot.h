/*
 * The place in the sources at which other tools show a finding.
 */
#ifndef SPOT_H
#define SPOT_H

#include <stdbool.h>

struct finding;
struct report;
struct stack;

struct spot {
	const char *path; /* relative to the repository, where it is inside */
	const char *function; /* or NULL */
	int line, column;     /* 0: unknown */
	bool inside;	      /* path is relative */
};

/* The innermost frame that has its source in the repository; else the program's
 * innermost with a source, else its innermost with a name, in its module; path
 * is NULL when there is none. Strings are in the report's memory. */
struct spot stack_spot(struct report *report, const struct stack *stack);
/* That of the finding's head. */
struct spot finding_spot(struct report *report, const struct finding *finding);

#endif
