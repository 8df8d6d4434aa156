/*
 * Inside the text renderer: page.c knows signs, colours and numbers, names.c
 * short names, stacks.c stacks, draw.c the drawing of a cycle, render_text.c
 * what a report is made of.
 */
#ifndef PAGE_H
#define PAGE_H

#include "model/model.h"

struct page {
	FILE *out;
	struct report *report;
	bool utf8, colour;
	int indent; /* spaces before each line */
};

enum sign {
	SIGN_TOP,    /* where the way round arrives, with an arrow */
	SIGN_RAIL,   /* beside the members */
	SIGN_BOTTOM, /* where it turns back */
	SIGN_DOWN,   /* to the next member */
	SIGN_MORE,   /* members left out */
	SIGN_TO,     /* from one member to another */
	SIGN_CUT,
	SIGN_ELLIPSIS,
};

enum colour { PLAIN, BOLD, RED, YELLOW, GREEN, DIM };

void page_init(struct page *page, struct report *report, FILE *out);
const char *page_sign(const struct page *page, enum sign sign);
/* Escape sequences, "" without colour. */
const char *page_colour(const struct page *page, enum colour colour);
/* Starts a line, indented by so many more columns. */
void page_line(const struct page *page, int more);
/* Writes text that came from elsewhere, without control characters; returns
 * its width. */
int page_text(const struct page *page, const char *text);
void page_pad(const struct page *page, int width, int to);
int text_width(const char *text);

/* In the report's memory: "12,345"; "1 block", "2 blocks"; "1.2 MiB". */
const char *text_number(struct report *report, uint64_t number);
const char *text_plural(struct report *report, uint64_t number, const char *one,
			const char *many);
const char *text_size(struct report *report, uint64_t bytes);
const char *text_print(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* names.c */
/* One line of a stack: a frame, or a function inlined into it. */
struct entry_line {
	const struct frame *frame;
	const struct symbol *symbol;
	const char *library; /* what it is folded into; NULL: the program's */
};

size_t stack_entries(struct report *report, const struct stack *stack,
		     struct entry_line **entries);
/* A function without its parameters, at most about 60 characters wide. */
const char *name_short(struct report *report, const char *function);
const char *module_name(const struct module *module);
const char *entry_function(struct report *report,
			   const struct entry_line *entry);
/* Where it is: "dir/file.c:12", relative to here, or "libx.so+0x12". */
const char *entry_where(struct report *report, const struct entry_line *entry);
/* Who allocated it: "function (file.c:12)". */
const char *stack_maker(struct report *report, const struct stack *stack);
/* Its type, or NULL. */
const char *member_type(struct report *report, const struct member *member);
/* "Type.field" or, where the field is not known, "+8". */
const char *edge_label(struct report *report, const struct finding *finding,
		       const struct edge *edge);
/* Its type, its size and its count. */
const char *member_label(struct report *report, const struct member *member);

/* stacks.c: the stacks of all members, equal ones once. */
void stacks_print(const struct page *page, const struct finding *finding);
/* Those that took a finding's references. */
void acquires_print(const struct page *page, const struct finding *finding);

/* details.c: what counts, finalizers and descriptors tell. False: nothing. */
bool details_print(const struct page *page, const struct finding *finding);

/* shorts.c: what is no alarm. */
void shorts_print(const struct page *page);

/* draw.c */
void cycle_draw(const struct page *page, const struct finding *finding);

#endif
