/*
 * See wrap.h.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/text.h"
#include "render/wrap.h"

#define WIDTH_LEAST 40 /* in less, nothing looks well */
#define INDENT 4

struct wrap {
	FILE *out;
	int width;
	size_t n, room;
	char *line;
};

int wrap_width(FILE *out)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int width = columns ? atoi(columns) : 0;

	if (width <= 0 && isatty(fileno(out)) &&
	    !ioctl(fileno(out), TIOCGWINSZ, &size))
		width = size.ws_col;
	return width < WIDTH_LEAST ? 0 : width;
}

/* The character at p: how many bytes it has, and in *columns how wide it is.
 * Colours have no width. */
static size_t character(const char *p, const char *end, int *columns)
{
	size_t n = 1, left = (size_t)(end - p);

	*columns = 1;
	if (*p == '\033') {
		while (n < left && p[n - 1] != 'm')
			n++;
		*columns = 0;
		return n;
	}
	while (n < left && (p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* Where a line has to be broken: at the last space that is in reach, or at the
 * first one; end when it fits. */
static const char *break_find(const char *p, const char *end, int room)
{
	const char *space = NULL;
	int columns;
	bool begun = false;

	for (; p < end; room -= columns) {
		if (room <= 0 && space)
			return space;
		if (begun && *p == ' ' && p[-1] != ' ')
			space = p;
		begun |= *p != ' ' && *p != '\033';
		p += character(p, end, &columns);
	}
	return room >= 0 || !space ? end : space;
}

/* What stands before the rest of a broken line; returns its width. */
static int prefix_print(const struct wrap *wrap)
{
	static const char *const rails[] = {"│", "╭", "|", ".->"};
	int spaces = (int)strspn(wrap->line, " ");
	const char *sign = wrap->line + spaces, *rail = " ";
	size_t i;

	for (i = 0; i < sizeof(rails) / sizeof(*rails); i++)
		if (text_begins(sign, rails[i]))
			rail = i < 2 ? "│" : "|";
	if (*rail == ' ' && !text_begins(sign, "╰") && *sign != '`') {
		fprintf(wrap->out, "%*s", spaces + INDENT, "");
		return spaces + INDENT;
	}
	fprintf(wrap->out, "%*s%s%*s", spaces, "", rail, 3 + INDENT, "");
	return spaces + 4 + INDENT;
}

static void line_flush(struct wrap *wrap)
{
	const char *p = wrap->line, *end = p + wrap->n, *at;
	int room = wrap->width;

	for (;;) {
		at = break_find(p, end, room);
		fwrite(p, 1, (size_t)(at - p), wrap->out);
		if (at == end)
			break;
		for (p = at; p < end && *p == ' '; p++)
			;
		fputc('\n', wrap->out);
		room = wrap->width - prefix_print(wrap);
	}
	wrap->n = 0;
}

static ssize_t wrap_write(void *cookie, const char *text, size_t n)
{
	struct wrap *wrap = cookie;
	size_t i;
	char *more;

	for (i = 0; i < n; i++) {
		if (wrap->n + 1 >= wrap->room) {
			wrap->room = 2 * wrap->room + 256;
			more = realloc(wrap->line, wrap->room);
			if (!more)
				return 0;
			wrap->line = more;
		}
		wrap->line[wrap->n] = text[i];
		if (text[i] != '\n') {
			wrap->line[++wrap->n] = '\0';
			continue;
		}
		wrap->line[wrap->n] = '\0';
		line_flush(wrap);
		fputc('\n', wrap->out);
	}
	return (ssize_t)n;
}

static int wrap_close(void *cookie)
{
	struct wrap *wrap = cookie;

	if (wrap->n)
		line_flush(wrap);
	free(wrap->line);
	free(wrap);
	return 0;
}

FILE *wrap_open(FILE *out, int width)
{
	const cookie_io_functions_t functions = {.write = wrap_write,
						 .close = wrap_close};
	struct wrap *wrap = calloc(1, sizeof(*wrap));
	FILE *stream;

	if (!wrap)
		return NULL;
	wrap->out = out;
	wrap->width = width;
	stream = fopencookie(wrap, "w", functions);
	if (!stream)
		free(wrap);
	return stream;
}
