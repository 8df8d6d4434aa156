/*
 * Who allocated a block, in one line. All strings are in the report's memory.
 */
#ifndef MAKERS_H
#define MAKERS_H

#include <stddef.h>

struct entry_line;
struct report;
struct stack;
struct text;

struct maker {
	/* What the program called to get it, "make_shared", "g_socket_new"; or
	 * NULL: an allocator itself, or a function of the program's. */
	const char *what;
	const char *function; /* "club()"; or NULL: it has no name */
	const char *where;    /* "club.cc:24", "libx.so.1", "server+0x12" */
	const struct entry_line *entry; /* of what; NULL: no stack */
};

struct maker stack_maker(struct report *report, const struct stack *stack);
/* "make_shared in club()"; "" when nothing has a name. */
const char *maker_doing(struct report *report, const struct maker *maker);
/* "make_shared in club() (club.cc:24)" */
const char *stack_place(struct report *report, const struct stack *stack);
/* The warning and where it happened. */
const char *warning_text(struct report *report, const struct text *warning);
/* Of the n entries that are a library's and the innermost of a stack: which one
 * tells what was allocated. */
size_t what_find(const struct entry_line *entries, size_t n);

#endif
