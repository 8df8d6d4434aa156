/*
 * See brief.h. A name is read as lists in brackets of words and signs. It comes
 * from a file, so it may be no name at all: what is not understood is copied.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/integers.h"
#include "common/brief.h"

#define DEPTH_MAX 40
#define ARGUMENTS_MAX 64

struct reader {
	const char *p;
	int depth;
};

static char *format(const char *form, ...)
	__attribute__((format(printf, 1, 2)));

static char *format(const char *form, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, form);
	if (vasprintf(&text, form, arguments) < 0)
		die(STATUS_FAILED, "out of memory");
	va_end(arguments);
	return text;
}

/* text and what is added; text is freed. */
static char *joined(char *text, const char *more)
{
	char *both = format("%s%s", text, more);

	free(text);
	return both;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Rust's own crates. Of their names programmers write the last part. */
static bool is_rust_library(const char *path)
{
	return begins(path, "alloc::") || begins(path, "core::") ||
	       begins(path, "hashbrown::") || begins(path, "std::rc::") ||
	       begins(path, "std::collections::") ||
	       begins(path, "std::sync::") || begins(path, "std::hash::") ||
	       begins(path, "std::ffi::") || begins(path, "std::path::") ||
	       begins(path, "std::thread::") || begins(path, "std::cell::");
}

static void cut_out(char *path, const char *what)
{
	char *at;

	while ((at = strstr(path, what)))
		memmove(at, at + strlen(what), strlen(at + strlen(what)) + 1);
}

/* Numbers in arguments: "3ul" is 3. */
static void number_trim(char *word)
{
	size_t digits = strspn(word, "0123456789");

	if (digits && word[digits + strspn(word + digits, "ulUL")] == '\0')
		word[digits] = '\0';
}

static void path_trim(char *path)
{
	static const char *const hidden[] = {"(anonymous namespace)::",
					     "__cxx11::",
					     "__1::",
					     "__ndk1::",
					     "__debug::",
					     "{anonymous}::"};
	size_t i;
	char *last;

	for (i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		cut_out(path, hidden[i]);
	if (is_rust_library(path)) {
		last = strrchr(path, ':') + 1;
		memmove(path, last, strlen(last) + 1);
	}
	number_trim(path);
}

/* Whether it is NAME<FIRST>, or NAME<...> without a first. */
static bool is_instance(const char *text, const char *name, const char *first)
{
	size_t n = strlen(name), m = first ? strlen(first) : 0;

	if (strncmp(text, name, n) || text[n] != '<')
		return false;
	return !first ||
	       (!strncmp(text + n + 1, first, m) && text[n + 1 + m] == '>');
}

/* Whether the last argument of a template says nothing. */
static bool is_default(const char *path, char *const *arguments, size_t n)
{
	const char *last = arguments[n - 1], *first = arguments[0];

	if (n < 2)
		return false;
	if (!strcmp(last, "Global") || !strcmp(last, "RandomState") ||
	    begins(last, "(__gnu_cxx::_Lock_policy)") ||
	    begins(last, "__gnu_cxx::_S_")) /* how a shared_ptr counts */
		return true;
	if (!strcmp(path, "std::queue") || !strcmp(path, "std::stack"))
		return is_instance(last, "std::deque", first);
	if (!strcmp(path, "std::priority_queue"))
		return is_instance(last, "std::less", first) ||
		       is_instance(last, "std::vector", first);
	return is_instance(last, "std::allocator", NULL) ||
	       is_instance(last, "std::char_traits", NULL) ||
	       is_instance(last, "std::default_delete", first) ||
	       is_instance(last, "std::less", first) ||
	       is_instance(last, "std::hash", first) ||
	       is_instance(last, "std::equal_to", first);
}

/* "std::basic_string" and char: "std::string". */
static char *character_name(const char *path, const char *argument)
{
	static const char *const letters[][2] = {{"char", ""},
						 {"wchar_t", "w"},
						 {"char8_t", "u8"},
						 {"char16_t", "u16"},
						 {"char32_t", "u32"}};
	static const char prefix[] = "std::basic_";
	size_t i;

	if (!begins(path, prefix))
		return NULL;
	for (i = 0; i < sizeof(letters) / sizeof(*letters); i++)
		if (!strcmp(argument, letters[i][0]))
			return format("std::%s%s", letters[i][1],
				      path + sizeof(prefix) - 1);
	return NULL;
}

/* A template's name and what is left of its arguments; path is freed. */
static char *instance_name(char *path, char **arguments, size_t n)
{
	char *name = NULL;
	size_t i;

	while (n && is_default(path, arguments, n))
		n--;
	if (n == 1)
		name = character_name(path, arguments[0]);
	if (!name) {
		name = format("%s<", path);
		for (i = 0; i < n; i++) {
			name = joined(name, i ? ", " : "");
			name = joined(name, arguments[i]);
		}
		name = joined(name, ">");
	}
	free(path);
	return name;
}

static char *list(struct reader *reader);

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || strchr("_$~#@.{'", c) || c < 0;
}

/* A word, or "::"; what stands in braces is one. */
static size_t word_length(const char *p)
{
	static const char anonymous[] = "(anonymous namespace)";
	int depth = 0;
	size_t n = 0;

	if (begins(p, anonymous))
		return sizeof(anonymous) - 1;
	for (; p[n] && (depth || is_word(p[n]) || p[n] == ':'); n++) {
		depth += p[n] == '{';
		depth -= p[n] == '}' && depth;
		if (!depth && p[n] == ':' && p[n + 1] != ':' &&
		    !(n && p[n - 1] == ':'))
			break;
		if (p[n] == '}' && !depth && p[n + 1] != ':')
			return n + 1;
	}
	return n;
}

/* The arguments of a template, behind its "<". */
static char *arguments_read(struct reader *reader, char *path)
{
	char *arguments[ARGUMENTS_MAX + 1];
	size_t n = 0, i;
	char *name;

	do {
		char *argument = list(reader);

		if (n < ARGUMENTS_MAX && *argument)
			arguments[n++] = argument;
		else
			free(argument);
	} while (*reader->p == ',' && reader->p++);
	if (*reader->p == '>')
		reader->p++;
	name = instance_name(path, arguments, n);
	for (i = 0; i < n; i++)
		free(arguments[i]);
	return name;
}

/* "app::Box<int>::Part": a path, with arguments anywhere. */
static char *path_read(struct reader *reader)
{
	char *path = strdup("");
	size_t n;

	if (!path)
		die(STATUS_FAILED, "out of memory");
	for (;;) {
		n = word_length(reader->p);
		if (n) {
			char *more = format("%.*s", (int)n, reader->p);

			reader->p += n;
			path = joined(path, more);
			free(more);
		} else if (*reader->p == '<' && *path) {
			reader->p++;
			path_trim(path);
			path = arguments_read(reader, path);
		} else {
			break;
		}
	}
	path_trim(path);
	return path;
}

static bool ends_word(const char *text)
{
	size_t n = strlen(text);

	return n && (is_word(text[n - 1]) || strchr(">}", text[n - 1]));
}

/* "(...)", "[...]" or "<...>", each a list of lists. */
static char *brackets_read(struct reader *reader, char *text)
{
	char close = *reader->p == '(' ? ')' : *reader->p == '[' ? ']' : '>';
	char open[2] = {*reader->p++, '\0'}, shut[2] = {close, '\0'};
	size_t length = strlen(text);
	char *inside;

	text = joined(text, open);
	for (;;) {
		inside = list(reader);
		text = joined(text, inside);
		free(inside);
		if (*reader->p != ',')
			break;
		reader->p++;
		text = joined(text, ", ");
	}
	if (*reader->p == close) {
		reader->p++;
		text = joined(text, shut);
	}
	if (begins(reader->p, "::{lambda")) {
		text[length] = '\0';
	} else if (begins(reader->p, "::")) { /* inside of that function */
		reader->p += 2;
		text[0] = '\0';
	}
	return text;
}

static char *word_add(struct reader *reader, char *text)
{
	size_t n;
	const char *integer = integer_name(reader->p, &n);
	char *path = integer ? format("%s", integer) : path_read(reader), *both;
	const char *last = strrchr(text, ' ');

	if (integer)
		reader->p += n;

	last = last ? last + 1 : text;
	if (!strcmp(path, "const") && *text && !strchr("*&", *last) &&
	    !begins(text, "const ")) { /* "int const" */
		both = format("const %s", text);
	} else {
		both = format("%s%s%s", text,
			      ends_word(text) && path[0] != ':' ? " " : "",
			      path);
	}
	free(path);
	free(text);
	return both;
}

static char *sign_add(struct reader *reader, char *text)
{
	char sign[3] = {*reader->p++, '\0', '\0'};

	if (sign[0] == '-' && *reader->p == '>')
		sign[1] = *reader->p++;
	if ((strchr("*&", sign[0]) || sign[1] || sign[0] == '=') &&
	    ends_word(text))
		text = joined(text, " ");
	text = joined(text, sign);
	if (strchr(";=", sign[0]) || sign[1])
		text = joined(text, " ");
	return text;
}

/* Up to a comma or a closing bracket. */
static char *list(struct reader *reader)
{
	char *text = strdup("");

	if (!text)
		die(STATUS_FAILED, "out of memory");
	if (++reader->depth > DEPTH_MAX) /* what follows is dropped */
		reader->p += strlen(reader->p);
	while (*reader->p && !strchr(",>)]", *reader->p)) {
		if (*reader->p == ' ')
			reader->p++;
		else if (word_length(reader->p))
			text = word_add(reader, text);
		else if (strchr("(<[", *reader->p))
			text = brackets_read(reader, text);
		else
			text = sign_add(reader, text);
	}
	reader->depth--;
	return text;
}

/* "app::main::{lambda()#1}" is the "lambda in app::main", Rust's {closure#0} a
 * closure. */
static char *closure_name(char *name)
{
	static const char *const words[][2] = {{"::{lambda", "lambda"},
					       {"::{closure", "closure"}};
	char *at, *whole;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		at = strstr(name, words[i][0]);
		if (!at || at == name || strchr(at, '}') != at + strlen(at) - 1)
			continue;
		whole = format("%s in %.*s", words[i][1], (int)(at - name),
			       name);
		free(name);
		return whole;
	}
	return name;
}

char *name_brief(const char *full)
{
	struct reader reader = {full, 0};
	char *name = list(&reader);

	if (!*reader.p && *name)
		return closure_name(name);
	free(name);
	return format("%s", full);
}
