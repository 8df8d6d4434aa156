/* See statement.h. */
#include <stdbool.h>
#include <string.h>
#include "base/statement.h"

#define LINE_MOST 1024
#define OFFSET_MOST (1u << 20)

/* What is left of a line. */
struct rest {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word; empty at the end of the line, or where a comment begins. */
static struct rest word_take(struct rest *rest)
{
	struct rest word;

	while (rest->at < rest->end && is_blank(*rest->at))
		rest->at++;
	if (rest->at < rest->end && *rest->at == '#')
		rest->at = rest->end;
	word.at = rest->at;
	while (rest->at < rest->end && !is_blank(*rest->at))
		rest->at++;
	word.end = rest->at;
	return word;
}

static bool is_word(struct rest word, const char *text)
{
	size_t n = word.end - word.at;

	return n == strlen(text) && !memcmp(word.at, text, n);
}

/* False when it does not fit or has a byte that no name has. */
static bool text_copy(struct rest from, char to[static STATEMENT_TEXT])
{
	size_t n = from.end - from.at, i;

	if (n >= STATEMENT_TEXT)
		return false;
	for (i = 0; i < n; i++)
		if ((unsigned char)from.at[i] < ' ' || from.at[i] == 127)
			return false;
	memcpy(to, from.at, n);
	to[n] = 0;
	return true;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Decimal, or hexadecimal with 0x. */
static bool number_read(struct rest word, uint32_t most, uint32_t *out)
{
	int base = 10;

	if (word.end - word.at > 2 && word.at[0] == '0' &&
	    (word.at[1] | 32) == 'x') {
		base = 16;
		word.at += 2;
	}
	if (word.at == word.end)
		return false;
	for (*out = 0; word.at < word.end; word.at++) {
		int digit = digit_of(*word.at);

		if (digit >= base)
			return false;
		*out = *out * base + digit;
		if (*out > most)
			return false;
	}
	return true;
}

/* [ARG|ret] of ref, [ARG] of unref. */
static const char *arg_read(struct rest *rest, struct statement *out)
{
	struct rest word = word_take(rest);

	out->arg = 1;
	if (word.at == word.end)
		return NULL;
	if (is_word(word, "ret")) {
		out->arg = 0;
		return out->kind == STATEMENT_REF
			       ? NULL
			       : "unref takes an argument, not 'ret'";
	}
	if (!number_read(word, STATEMENT_ARGS, &out->arg) || !out->arg)
		return out->kind == STATEMENT_REF
			       ? "ARG is 'ret' or a number from 1 to 6"
			       : "ARG is a number from 1 to 6";
	return NULL;
}

/* [TYPE]: the rest of the line, since a type may have blanks. */
static const char *type_read(struct rest *rest, struct statement *out)
{
	struct rest type = word_take(rest), word = type;

	while (word.at < word.end) {
		type.end = word.end;
		word = word_take(rest);
	}
	return text_copy(type, out->type) ? NULL : "TYPE is too long";
}

static const char *count_read(struct rest *rest, struct statement *out)
{
	if (!number_read(word_take(rest), OFFSET_MOST, &out->offset))
		return "OFFSET is a number of bytes, at most 1048576";
	if (!number_read(word_take(rest), 64, &out->bits) ||
	    (out->bits != 8 && out->bits != 16 && out->bits != 32 &&
	     out->bits != 64))
		return "BITS is 8, 16, 32 or 64";
	return NULL;
}

static enum statement_kind kind_of(struct rest word)
{
	static const char *const words[] = {
		[STATEMENT_REF] = "ref",
		[STATEMENT_UNREF] = "unref",
		[STATEMENT_NEW] = "new",
		[STATEMENT_COUNT] = "count",
		[STATEMENT_WEAK] = "weak",
		[STATEMENT_WEAK_SYMBOL] = "weak-symbol",
		[STATEMENT_LIBRARY] = "library",
	};
	size_t i;

	for (i = STATEMENT_REF; i < sizeof words / sizeof *words; i++)
		if (is_word(word, words[i]))
			return i;
	return STATEMENT_NONE;
}

static const char *rest_read(struct rest *rest, struct statement *out)
{
	const char *why = NULL;

	if (out->kind == STATEMENT_REF || out->kind == STATEMENT_UNREF)
		why = arg_read(rest, out);
	else if (out->kind == STATEMENT_NEW)
		why = type_read(rest, out);
	else if (out->kind == STATEMENT_COUNT)
		why = count_read(rest, out);
	if (why)
		return why;
	return word_take(rest).at < rest->end ? "there is a word too many"
					      : NULL;
}

const char *statement_read(const char *line, size_t n, struct statement *out)
{
	struct rest rest = {line, line + n}, word;

	*out = (struct statement){.kind = STATEMENT_NONE};
	if (n > LINE_MOST)
		return "the line is too long";
	word = word_take(&rest);
	if (word.at == word.end)
		return NULL;
	out->kind = kind_of(word);
	if (out->kind == STATEMENT_NONE)
		return "a statement begins with library, ref, unref, new, "
		       "count, weak or weak-symbol";
	word = word_take(&rest);
	if (word.at == word.end)
		return "a name is missing";
	if (!text_copy(word, out->name))
		return "that is no name";
	return rest_read(&rest, out);
}

void statements_read(const struct statements *to, const char *text, size_t n)
{
	const char *end = text + n, *line = text, *next;
	struct statement statement;
	uint32_t number;
	const char *why;

	for (number = 1; line < end; line = next + 1, number++) {
		if (number > RULES_LINES_MOST) {
			to->refuse(number, "there are too many lines",
				   to->data);
			return;
		}
		next = memchr(line, '\n', end - line);
		if (!next)
			next = end;
		why = statement_read(line, next - line, &statement);
		if (why)
			to->refuse(number, why, to->data);
		else if (statement.kind != STATEMENT_NONE)
			to->use(&statement, to->data);
	}
}
