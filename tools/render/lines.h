/*
 * A stack as it is printed: the program's frames in full, runs of others in a
 * line each.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>

struct report;
struct stack;

/* A frame, or, when function is NULL, a run of frames. */
struct line {
	const char *function, *where;
};

struct lines {
	size_t n;
	struct line *lines; /* innermost first */
};

/* With all, every frame has a line of its own, and the column. */
struct lines lines_make(struct report *report, const struct stack *stack,
			bool all);
/* How many of the outermost lines two stacks have in common. */
size_t lines_common(const struct lines *a, const struct lines *b);
bool lines_equal(const struct lines *a, const struct lines *b);

#endif
