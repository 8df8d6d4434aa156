/*
 * One line of the report under way: text, and what it refers to by number,
 * stacks and modules. Snapshot child only.
 */
#ifndef LINE_H
#define LINE_H

#include "base/arena.h"
#include "base/out.h"
#include "graph/finding.h"
#include "scan/scanned.h"

#define LINE_STACKS 512
#define LINE_MODULES 256

struct line {
	struct text text;
	const struct scan *scan;
	const struct finding *finding;
	uint32_t stack[LINE_STACKS], stacks; /* ids, as listed */
	uint32_t module[LINE_MODULES], modules;
	uint32_t edges, cut; /* cut: its number, or NODE_NONE */
	uint64_t cut_worth;  /* of the word that was chosen for it */
};

/* ,"name": and what follows it */
void line_key(struct line *line, const char *name);
void line_number(struct line *line, const char *name, int64_t n);
void line_word(struct line *line, const char *name, const char *value);
void line_id(struct line *line, uint64_t id);
/* ,"name": and the number of a stack among those of this line */
void line_stack(struct line *line, const char *name, uint32_t stack);
/* [M, N] */
void line_place(struct line *line, uint32_t module, uintptr_t address);
/* ,"stacks":[…],"modules":[…] of all that the line refers to */
void line_references(struct line *line);
/* One stack: [[M, N], …] */
void line_frames(struct line *line, uint32_t stack);
/* ,"modules":[…] */
void line_modules(struct line *line);

/* member.c: the sample of a finding. */
void member_add_sample(struct line *line);
/* ,"acquires":[…]: who holds references of the sample's objects. */
void member_add_acquires(struct line *line, struct arena *arena);

#endif
