/*
 * See strings.h.
 */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/die.h"
#include "common/text.h"
#include "heap/strings.h"

struct string {
	uint32_t number;
	UT_hash_handle hh;
	char text[];
};

static struct string *string_add(struct strings *strings, const char *text)
{
	size_t n = strlen(text);
	struct string *string = malloc(sizeof(*string) + n + 1);

	if (strings->n == strings->room) {
		strings->room = strings->room ? 2 * strings->room : 1024;
		strings->list = realloc(strings->list,
					strings->room * sizeof(*strings->list));
	}
	if (!string || !strings->list)
		die(STATUS_FAILED, "out of memory");
	memcpy(string->text, text, n + 1);
	string->number = (uint32_t)strings->n;
	strings->list[strings->n++] = string;
	HASH_ADD_KEYPTR(hh, strings->by_text, string->text, n, string);
	return string;
}

uint32_t string_number(struct strings *strings, const char *text)
{
	struct string *string;

	HASH_FIND_STR(strings->by_text, text, string);
	return string ? string->number : string_add(strings, text)->number;
}

uint32_t string_number_n(struct strings *strings, const char *text, size_t n)
{
	char *whole = text_from_bytes(text, n);
	char *clean = whole ? text_clean(whole) : NULL;
	uint32_t number;

	if (!clean)
		die(STATUS_FAILED, "out of memory");
	number = string_number(strings, clean);
	free(whole);
	free(clean);
	return number;
}

const char *string_text(const struct strings *strings, uint32_t number)
{
	return strings->list[number]->text;
}

void strings_free(struct strings *strings)
{
	size_t i;

	HASH_CLEAR(hh, strings->by_text);
	for (i = 0; i < strings->n; i++)
		free(strings->list[i]);
	free(strings->list);
}
