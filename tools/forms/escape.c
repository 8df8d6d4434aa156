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
	{'\n', " "},
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

void dot_write(FILE *out, const char *text)
{
	text_write(out, dot, text);
}

void label_write(FILE *out, const char *text)
{
	text_write(out, label, text);
}

void frame_write(FILE *out, const char *text)
{
	text_write(out, frame, text);
}
