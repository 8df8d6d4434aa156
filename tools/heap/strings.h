/*
 * Strings, each once, by number.
 */
#ifndef STRINGS_H
#define STRINGS_H

#include <stddef.h>
#include <stdint.h>

struct string;

/* All zeros at first. */
struct strings {
	size_t n, room;
	struct string **list;
	struct string *by_text; /* hash */
};

/* The number of the text, which is copied; what is no UTF-8 is replaced. */
uint32_t string_number(struct strings *strings, const char *text);
uint32_t string_number_n(struct strings *strings, const char *text, size_t n);
const char *string_text(const struct strings *strings, uint32_t number);
void strings_free(struct strings *strings);

#endif
