/*
 * One line of the report under way: its text, and the stacks and modules to
 * which it refers by number. Snapshot child only.
 */
#ifndef LINE_H
#define LINE_H

#include <stdint.h>
#include "base/text.h"

#define LINE_STACKS 512
#define LINE_MODULES 256
#define LINE_PLACES 1024

struct line {
	struct text text;
	uint32_t stack[LINE_STACKS], stacks; /* ids, in the order of the line */
	uint32_t module[LINE_MODULES], modules;
	uintptr_t place[LINE_PLACES]; /* in Python code */
	uint32_t places;
};

/* Adds ,"name": The value follows. */
void line_key(struct line *line, const char *name);
void line_number(struct line *line, const char *name, int64_t n);
void line_word(struct line *line, const char *name, const char *value);
void line_id(struct line *line, uint64_t id);
/* Adds ,"name": and the number of a stack among those of this line. */
void line_stack(struct line *line, const char *name, uint32_t stack);
/* [M, N] */
void line_place(struct line *line, uint32_t module, uintptr_t address);
/* Adds ,"stacks":[…],"modules":[…] for all that the line refers to. */
void line_references(struct line *line);
/* One stack: [[M, N], …] */
void line_frames(struct line *line, uint32_t stack);
/* ,"modules":[…] and, where frames of Python code were, ,"python":[…] */
void line_modules(struct line *line);

#endif
