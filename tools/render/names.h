/*
 * Short names for people. All strings are in the report's memory.
 */
#ifndef NAMES_H
#define NAMES_H

struct edge;
struct entry_line;
struct finding;
struct member;
struct report;
struct stack;
struct text;

/* The function without its parameters, about 60 characters wide at most. */
const char *entry_function(struct report *report,
			   const struct entry_line *entry);
/* Where it is: "dir/file.c:12", relative to here, or "libx.so+0x12". */
const char *entry_where(struct report *report, const struct entry_line *entry);
/* Who allocated it: "function (file.c:12)". */
const char *stack_maker(struct report *report, const struct stack *stack);
/* A member's type, or NULL. */
const char *member_type(struct report *report, const struct member *member);
/* "Type.field" or, when the field is unknown, "+8". */
const char *edge_label(struct report *report, const struct finding *finding,
		       const struct edge *edge);
/* A member's type, size and count. */
const char *member_label(struct report *report, const struct member *member);
/* The warning and where it happened. */
const char *warning_text(struct report *report, const struct text *warning);

#endif
