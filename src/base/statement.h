/*
 * Rules files: what one line says. The library and the command read them by
 * this, so that both refuse the same lines. No memory, no lock.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stddef.h>
#include <stdint.h>

#define RULES_FILE_MOST (1ul << 20) /* bytes of a file */
#define RULES_LINES_MOST 16384	    /* lines of a file */

enum statement_kind {
	STATEMENT_NONE, /* an empty line, or a comment */
	STATEMENT_REF,
	STATEMENT_UNREF,
	STATEMENT_NEW,
	STATEMENT_COUNT,
	STATEMENT_WEAK,
	STATEMENT_WEAK_SYMBOL,
	STATEMENT_LIBRARY,
};

#define STATEMENT_TEXT 128 /* bytes of a name or type, with the 0 */
#define STATEMENT_ARGS 6   /* those in registers */

struct statement {
	enum statement_kind kind;
	char name[STATEMENT_TEXT]; /* FUNCTION, SYMBOL or LIBRARY */
	char type[STATEMENT_TEXT]; /* of `new`; "": not said */
	uint32_t arg;		   /* 1 to 6; 0: what it returns */
	uint32_t offset, bits;	   /* of `count` */
};

/* Reads a line of n bytes, without its newline. NULL, or why it is refused:
 * half a sentence. */
const char *statement_read(const char *line, size_t n, struct statement *out);

/* Calls `use` for each statement of a text, and `refuse` for each line that is
 * refused. Linear in n. */
struct statements {
	void (*use)(const struct statement *statement, void *data);
	void (*refuse)(uint32_t line, const char *why, void *data);
	void *data;
};
void statements_read(const struct statements *to, const char *text, size_t n);

#endif
