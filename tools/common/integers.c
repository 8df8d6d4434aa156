/*
 * See integers.h.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "common/integers.h"

enum word { UNSIGNED, SIGNED, LONG, SHORT, INT, CHAR, WORDS };

static const char *const words[WORDS] = {"unsigned", "signed", "long",
					 "short",    "int",    "char"};

static bool is_end(char c)
{
	return !isalnum((unsigned char)c) && c != '_' && c != ':' && c != '$';
}

/* WORDS: it is another. */
static enum word word_at(const char *text)
{
	enum word word;

	for (word = 0; word < WORDS; word++)
		if (!strncmp(text, words[word], strlen(words[word])) &&
		    is_end(text[strlen(words[word])]))
			break;
	return word;
}

static const char *name_of(const int counts[WORDS])
{
	bool is_unsigned = counts[UNSIGNED];

	if (counts[CHAR])
		return is_unsigned	? "unsigned char"
		       : counts[SIGNED] ? "signed char"
					: "char";
	if (counts[SHORT])
		return is_unsigned ? "unsigned short" : "short";
	if (counts[LONG] > 1)
		return is_unsigned ? "unsigned long long" : "long long";
	if (counts[LONG])
		return is_unsigned ? "unsigned long" : "long";
	return is_unsigned ? "unsigned int" : "int";
}

const char *integer_name(const char *text, size_t *n)
{
	int counts[WORDS] = {0};
	const char *p = text;
	enum word word;

	*n = 0;
	while ((word = word_at(p)) != WORDS) {
		counts[word]++;
		p += strlen(words[word]);
		*n = (size_t)(p - text);
		p += strspn(p, " ");
	}
	if (!*n || !strncmp(p, "double", 6))
		return NULL;
	return name_of(counts);
}
