/*
 * The three ways in which the command speaks to its user: a note, a complaint,
 * and a complaint that ends it. Each is one line and one write, so that
 * PROGRAM's lines and ours do not mix. Their words may come from anybody.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/die.h"
#include "common/text.h"

bool messages_quiet, messages_over;

void say(const char *whose, const char *format, va_list arguments)
{
	char *text = NULL, *shown, *line = NULL;
	int n = -1;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	shown = text ? text_shown(text, true) : NULL;
	if (shown)
		n = asprintf(&line, "%sgordian%s: %s\n",
			     messages_over ? "\r\033[K" : "", whose, shown);
	messages_over = false;
	free(shown);
	fflush(stdout);
	fflush(stderr);
	if (n > 0 && write(STDERR_FILENO, line, n) < 0) {
		/* Nobody reads it, and nobody is left to tell. */
	}
	if (n >= 0)
		free(line);
	free(text);
}

void note(const char *format, ...)
{
	va_list arguments;

	if (messages_quiet)
		return;
	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
}

void complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
}

void die(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
	exit(status);
}
