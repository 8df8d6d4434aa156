/*
 * See suppressions.h. The files are LeakSanitizer's, with more behind: they are
 * read as it reads them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/file.h"
#include "common/text.h"
#include "known/suppressions.h"

#define UNUSED_SHOWN 20

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes " max=10" from the end of a pattern. False: the number is too large. */
static bool limit_take(char *pattern, struct suppression *to)
{
	char *last = strrchr(pattern, ' '), *tab = strrchr(pattern, '\t');
	const char *digits;

	last = tab > last ? tab : last;
	if (!last || !text_begins(last + 1, "max="))
		return true;
	digits = last + 5;
	if (!*digits || digits[strspn(digits, "0123456789")])
		return true; /* a part of the pattern */
	errno = 0;
	to->max = strtoull(digits, NULL, 10);
	to->is_limited = true;
	while (last > pattern && is_blank(last[-1]))
		last--;
	*last = '\0';
	return !errno;
}

/* The pattern of a line, or NULL when it begins with no kind. */
static char *kind_take(char *line, enum suppresses *what)
{
	static const char *const kinds[] = {
		[SUPPRESSES_LEAKS] = "leak:",
		[SUPPRESSES_CYCLES] = "cycle:",
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (text_begins(line, kinds[i])) {
			*what = (enum suppresses)i;
			return line + strlen(kinds[i]);
		}
	return NULL;
}

static void add(struct suppressions *all, const struct suppression *one)
{
	if (all->n == all->room) {
		all->room = all->room ? 2 * all->room : 16;
		all->list = realloc(all->list, all->room * sizeof(*all->list));
		if (!all->list)
			die(STATUS_FAILED, "out of memory");
	}
	all->list[all->n++] = *one;
}

/* Reads a line of n bytes, behind which there is room for a 0. NULL, or why it
 * is refused. */
static const char *line_read(struct suppressions *all, struct suppression *one,
			     char *line, size_t n)
{
	char *pattern;

	for (; n && is_blank(*line); n--)
		line++;
	while (n && is_blank(line[n - 1]))
		n--;
	if (!n || *line == '#')
		return NULL;
	if (memchr(line, '\0', n))
		return "there is a byte 0 in it";
	line[n] = '\0';
	pattern = kind_take(line, &one->what);
	if (!pattern)
		return "a suppression begins with leak: or cycle:";
	if (!limit_take(pattern, one))
		return "the limit is too large";
	one->pattern = pattern;
	add(all, one);
	return NULL;
}

uint32_t suppressions_read(struct suppressions *all, const char *path,
			   char *text, size_t n, const char **why)
{
	char *end = text + n, *next;
	uint32_t number;

	*why = NULL;
	for (number = 1; text < end; text = next + 1, number++) {
		struct suppression one = {.path = path, .line = number};

		next = memchr(text, '\n', (size_t)(end - text));
		next = next ? next : end;
		*why = line_read(all, &one, text, (size_t)(next - text));
		if (*why)
			return number;
	}
	return 0;
}

void suppressions_open(struct suppressions *all, const char *path, int status)
{
	const char *why;
	uint32_t line;
	size_t n;
	char *text = file_bytes(path, SUPPRESSIONS_BYTES, &n);

	if (!text)
		die(status, "cannot read '%s': %s", path, strerror(errno));
	line = suppressions_read(all, path, text, n, &why);
	if (line) {
		free(text);
		die(status, "%s:%u: %s", path, line, why);
	}
	all->texts =
		realloc(all->texts, (all->texts_n + 1) * sizeof(*all->texts));
	if (!all->texts)
		die(STATUS_FAILED, "out of memory");
	all->texts[all->texts_n++] = text;
}

void suppressions_close(struct suppressions *all)
{
	while (all->texts_n)
		free(all->texts[--all->texts_n]);
	free(all->texts);
	free(all->list);
}

static const char *kind_of(const struct suppression *one)
{
	return one->what == SUPPRESSES_CYCLES ? "cycle" : "leak";
}

static void excess_tell(const struct suppression *one)
{
	static const char *const words[SUBJECTS] = {
		[OF_FINDINGS] = "",
		[OF_PLACES] = "growing blocks ",
	};
	size_t i;

	for (i = 0; i < SUBJECTS; i++)
		if (one->is_limited && one->met[i] > one->max)
			complain("%s:%u: there are %llu %sof %s:%s, more than "
				 "%llu: they are not suppressed",
				 one->path, one->line,
				 (unsigned long long)one->met[i], words[i],
				 kind_of(one), one->pattern,
				 (unsigned long long)one->max);
}

void suppressions_tell(const struct suppressions *all)
{
	const struct suppression *one;
	size_t i, unused = 0;

	for (i = 0; i < all->n; i++) {
		one = &all->list[i];
		excess_tell(one);
		if (!one->is_used && unused++ < UNUSED_SHOWN)
			note("%s:%u: %s:%s was not used", one->path, one->line,
			     kind_of(one), one->pattern);
	}
	if (unused > UNUSED_SHOWN)
		note("%zu more suppressions were not used",
		     unused - UNUSED_SHOWN);
}
