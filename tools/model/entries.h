/*
 * A stack as its reader sees it: frames and what was inlined into them, the
 * program's own apart from those of libraries.
 */
#ifndef ENTRIES_H
#define ENTRIES_H

#include <stddef.h>

struct frame;
struct module;
struct report;
struct stack;
struct symbol;

/* One line of a stack: a frame, or a function inlined into it. */
struct entry_line {
	const struct frame *frame;
	const struct symbol *symbol;
	const char *library; /* the library into which it is folded; NULL: it is
				the program's */
};

/* The entries, innermost first, in the report's memory; returns how many. Names
 * have to be looked up before. */
size_t stack_entries(struct report *report, const struct stack *stack,
		     struct entry_line **entries);
/* The file's name without its directory; never NULL. */
const char *module_name(const struct module *module);
/* The end of the name in "type name(parameters) const [clone]", and in *start
 * its beginning. Brackets of templates are skipped. Those of "operator()",
 * "operator<" and "(anonymous namespace)" are part of the name. */
const char *function_bounds(const char *text, const char **start);

#endif
