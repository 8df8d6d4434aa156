/*
 * See lines.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/die.h"
#include "common/lines.h"
#include "common/unpack.h"

#define ROOM 65536

struct lines lines_open(int fd, size_t most)
{
	return (struct lines){.fd = fd, .most = most};
}

void lines_free(struct lines *lines)
{
	unpack_free(lines->unpack);
	free(lines->text);
	lines->text = NULL;
}

static ssize_t bytes_read(struct lines *lines, char *to, size_t n)
{
	ssize_t got;

	if (lines->unpack)
		return unpack_read(lines->unpack, to, n);
	do
		got = read(lines->fd, to, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Reads more of the file; false at its end. */
static bool fill(struct lines *lines)
{
	size_t kept = lines->end - lines->begin;
	ssize_t n;

	if (lines->begin) {
		memmove(lines->text, lines->text + lines->begin, kept);
		lines->looked -= lines->begin;
		lines->end = kept;
		lines->begin = 0;
	}
	if (lines->end == lines->room) {
		lines->room = lines->room ? 2 * lines->room : ROOM;
		lines->text = realloc(lines->text, lines->room);
		if (!lines->text)
			die(STATUS_FAILED, "out of memory");
	}
	n = bytes_read(lines, lines->text + lines->end,
		       lines->room - lines->end);
	lines->error = n < 0 ? errno : 0;
	if (n <= 0)
		return false;
	lines->end += (size_t)n;
	lines->bytes += (uint64_t)n;
	return true;
}

int lines_peek(struct lines *lines)
{
	if (lines->begin == lines->end && !fill(lines))
		return -1;
	return (unsigned char)lines->text[lines->begin];
}

void lines_unpack(struct lines *lines)
{
	/* its first bytes may come one by one */
	while (lines->end - lines->begin < 4 && fill(lines))
		;
	if (!unpack_knows(lines->text + lines->begin,
			  lines->end - lines->begin))
		return;
	lines->unpack = unpack_new(lines->fd, lines->text + lines->begin,
				   lines->end - lines->begin);
	lines->begin = lines->looked = lines->end = 0;
}

static enum line give(struct lines *lines, size_t n, const char **text,
		      size_t *length)
{
	*text = lines->text + lines->begin;
	*length = n;
	lines->begin += n;
	lines->looked = lines->begin;
	lines->number++;
	return (*text)[n - 1] == '\n' ? LINE_WHOLE : LINE_CUT;
}

/* The length of the first whole line in the buffer, with its newline; 0: there
 * is none. */
static size_t whole_line(struct lines *lines)
{
	char *newline = NULL;

	if (lines->end > lines->looked)
		newline = memchr(lines->text + lines->looked, '\n',
				 lines->end - lines->looked);
	lines->looked = lines->end;
	return newline ? (size_t)(newline + 1 - lines->text) - lines->begin : 0;
}

enum line lines_next(struct lines *lines, const char **text, size_t *n)
{
	size_t length;

	for (;;) {
		length = whole_line(lines);
		if (length && !lines->skips)
			return give(lines, length, text, n);
		if (length) { /* the end of a line that was left out */
			lines->looked = lines->begin += length;
			lines->skips = false;
			continue;
		}
		if (lines->skips) {
			lines->begin = lines->end;
		} else if (lines->end - lines->begin > lines->most) {
			lines->skips = true;
			lines->begin = lines->end;
			lines->number++;
			return LINE_LONG;
		}
		if (fill(lines))
			continue;
		if (lines->follows || lines->begin == lines->end)
			return LINE_END;
		return give(lines, lines->end - lines->begin, text, n);
	}
}
