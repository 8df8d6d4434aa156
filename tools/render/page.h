/*
 * The page on which the text form is printed: signs, colours, numbers.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct report;

struct page {
	FILE *out;
	struct report *report;
	bool utf8, colour;
	bool verbose;  /* every block, word and frame */
	bool quiet;    /* no notes */
	bool unfolded; /* every frame */
	int indent;    /* spaces before each line */
};

enum sign {
	SIGN_TOP,    /* where the way round arrives, with an arrow */
	SIGN_RAIL,   /* beside the members */
	SIGN_BOTTOM, /* where it turns back */
	SIGN_MORE,   /* members left out */
	SIGN_TO,     /* from one member to another */
	SIGN_CUT,
	SIGN_TIMES,
	SIGN_ELLIPSIS,
};

enum colour { PLAIN, BOLD, RED, YELLOW, GREEN, DIM };

void page_init(struct page *page, struct report *report, FILE *out);
const char *page_sign(const struct page *page, enum sign sign);
/* Escape sequences, "" without colour. */
const char *page_colour(const struct page *page, enum colour colour);
/* Starts a line, indented by so many more columns. */
void page_line(const struct page *page, int more);
/* Writes text that came from elsewhere, without control characters. Returns its
 * width. */
int page_text(const struct page *page, const char *text);
void page_pad(const struct page *page, int width, int to);
int text_width(const char *text);

/* In the report's memory: "12,345"; "1 block", "2 blocks"; "1.2 MiB". */
const char *text_number(struct report *report, uint64_t number);
const char *text_plural(struct report *report, uint64_t number, const char *one,
			const char *many);
const char *text_size(struct report *report, uint64_t bytes);

#endif
