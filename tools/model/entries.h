/*
 * A stack as its reader sees it: frames and what was inlined into them, the
 * program's own apart from those of libraries.
 */
#ifndef ENTRIES_H
#define ENTRIES_H

#include <stdbool.h>
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
/* It is in the library of C, C++ or Rust, or in an interpreter: who calls that
 * tells what is done, not what it calls inside. */
bool entry_is_language(const struct entry_line *entry);
/* It is in the interpreter of the code that called it. */
bool entry_is_interpreter(const struct entry_line *entry);
/* The file's name without its directory; never NULL. */
const char *module_name(const struct module *module);

#endif
