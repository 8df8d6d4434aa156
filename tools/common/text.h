/*
 * Bytes and UTF-8. A byte of a path or argument that is not part of any UTF-8
 * character is kept as the private character U+EF00 + byte. All strings are
 * malloc'd; NULL when memory is out.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

char *text_from_bytes(const char *bytes, size_t n);
/* The bytes from which the text was made. */
char *path_bytes(const char *text);
/* Puts U+FFFD for such a character. */
char *text_clean(const char *text);
/* For eyes: puts a question mark for what is not printable. Without UTF-8 our
 * own signs are spelt ("<->"), and other characters are question marks. */
char *text_shown(const char *text, bool utf8);

static inline bool text_begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

#endif
