/*
 * See escape.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/text.h"
#include "forms/escape.h"

struct escape {
	char from;
	const char *to;
};

static const struct escape xml[] = {
	{'&', "&amp;"},	 {'<', "&lt;"},	  {'>', "&gt;"},
	{'"', "&quot;"}, {'\n', "&#10;"}, {0, NULL},
};
static const struct escape body[] = {
	{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'\n', "\n"}, {0, NULL},
};
static const struct escape dot[] = {
	{'"', "\\\""},
	{'\\', "\\\\"},
	{'\n', "\\n"},
	{0, NULL},
};
static const struct escape label[] = {
	{'"', "\\\""},
	{'\\', "\\\\"},
	{'\n', "\\n"},
	{0, NULL},
};
static const struct escape frame[] = {
	{';', ":"},
	{' ', "_"},
	{'\n', "_"},
	{0, NULL},
};

static const char *escaped(const struct escape *table, char byte)
{
	for (; table->to; table++)
		if (table->from == byte)
			return table->to;
	return NULL;
}

static void line_write(FILE *out, const struct escape *table, char *line)
{
	char *shown = text_shown(line, true);
	const char *at, *to;

	if (!shown)
		die(STATUS_FAILED, "out of memory");
	for (at = shown; *at; at++) {
		to = escaped(table, *at);
		if (to)
			fputs(to, out);
		else if (text_begins(at, "\xef\xbf\xbe") ||
			 text_begins(at, "\xef\xbf\xbf")) /* no characters */
			at += 2;
		else
			fputc(*at, out);
	}
	free(shown);
}

static void text_write(FILE *out, const struct escape *table, const char *text)
{
	char *copy = text ? strdup(text) : NULL, *rest = copy, *line;

	if (text && !copy)
		die(STATUS_FAILED, "out of memory");
	while ((line = strsep(&rest, "\n"))) {
		line_write(out, table, line);
		if (rest)
			fputs(escaped(table, '\n'), out);
	}
	free(copy);
}

void xml_write(FILE *out, const char *text)
{
	text_write(out, xml, text);
}

void xml_body_write(FILE *out, const char *text)
{
	text_write(out, body, text);
}

/* Graphviz gives up where what lies side by side is wider than 65,535 points:
 * a hundred labels of that many characters are not. */
#define DOT_WIDE 60
#define DOT_LINES 6

/* The text in lines that are not too long, by words where it has some, and its
 * end cut off. Malloc'd. */
static char *label_fit(const char *text)
{
	char *fitted = malloc(2 * strlen(text) + sizeof("…")), *to = fitted;
	char *blank = NULL; /* the last of the line */
	size_t wide = 0, lines = 1;

	for (; fitted && *text; text++) {
		if ((*text & 0xc0) != 0x80 && wide++ == DOT_WIDE) {
			if (lines++ == DOT_LINES) {
				to = stpcpy(to, "…");
				break;
			}
			wide = blank ? (size_t)(to - blank) : 1;
			if (blank)
				*blank = '\n';
			else
				*to++ = '\n';
			blank = NULL;
		}
		*to = *text == '\n' ? ' ' : *text;
		if (*to == ' ')
			blank = to;
		to++;
	}
	if (fitted)
		*to = '\0';
	return fitted;
}

void dot_write(FILE *out, const char *text)
{
	char *fitted = text ? label_fit(text) : NULL;

	if (text && !fitted)
		die(STATUS_FAILED, "out of memory");
	text_write(out, dot, fitted);
	free(fitted);
}

void label_write(FILE *out, const char *text)
{
	text_write(out, label, text);
}

void frame_write(FILE *out, const char *text)
{
	text_write(out, frame, text && *text ? text : "?");
}
