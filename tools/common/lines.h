/*
 * Reads a report file line by line, whoever wrote it. A line is never longer
 * than the limit, however long the file is. Time and memory depend only on what
 * is read.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits, in files that nobody named and in those that the user named. The
 * library's longest line is 8 MB. */
#define LINE_MOST ((size_t)64 << 20)
#define LINE_LONGEST ((size_t)1 << 30)

struct unpack;

struct lines {
	int fd;
	struct unpack *unpack; /* NULL: it is not compressed */
	size_t most;
	bool follows; /* the file grows: only what ends with a newline is a line
		       */
	int error;    /* errno of the read that failed; see unpack_read() */
	unsigned long number; /* number of the line that was given last */
	uint64_t bytes;	      /* read so far */
	char *text;
	size_t room, begin, looked, end;
	bool skips;
};

enum line {
	LINE_END,   /* the end of the file, or of what is there so far */
	LINE_WHOLE, /* a line with its newline */
	LINE_CUT,   /* the last line, without a newline */
	LINE_LONG,  /* a line that is too long: the next call skips the rest */
};

struct lines lines_open(int fd, size_t most);
/* The descriptor stays open. */
void lines_free(struct lines *lines);
/* The first byte, before the first line is read; -1: there is none. */
int lines_peek(struct lines *lines);
/* Reads on what gzip or zstd have compressed, if it is; before the first line
 * is read. */
void lines_unpack(struct lines *lines);
/* The next line. text is valid until the next call. */
enum line lines_next(struct lines *lines, const char **text, size_t *n);

#endif
