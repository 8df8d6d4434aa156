/*
 * See text.h.
 */
#include <string.h>
#include "base/text.h"

static void add(struct text *t, const char *s, size_t n)
{
	size_t left = t->room - t->used - 1;

	if (n > left)
		n = left;
	memcpy(t->buffer + t->used, s, n);
	t->used += n;
	t->buffer[t->used] = 0;
}

void text_add(struct text *t, const char *s)
{
	add(t, s, strlen(s));
}

void text_number(struct text *t, int64_t n)
{
	char digits[24], *at = digits + sizeof digits;
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--at = '0' + left % 10;
	while (left /= 10);
	if (n < 0)
		*--at = '-';
	add(t, at, digits + sizeof digits - at);
}

void text_hex(struct text *t, uint64_t n)
{
	char digits[16], *at = digits + sizeof digits;

	do
		*--at = "0123456789abcdef"[n % 16];
	while (n /= 16);
	add(t, at, digits + sizeof digits - at);
}

/* Bytes that are no UTF-8 go out as they are; the reader mends them. */
void text_json(struct text *t, const char *s)
{
	add(t, "\"", 1);
	for (; *s; s++) {
		unsigned char c = *s;

		if (c == '"' || c == '\\')
			add(t, "\\", 1);
		if (c < 0x20 || c == 0x7f) {
			add(t, "\\u00", 4);
			add(t, &"0123456789abcdef"[c >> 4], 1);
			add(t, &"0123456789abcdef"[c & 15], 1);
		} else {
			add(t, s, 1);
		}
	}
	add(t, "\"", 1);
}

uint64_t text_hash(uint64_t hash, const char *s)
{
	for (; *s; s++)
		hash = (hash ^ (uint8_t)*s) * 0x100000001b3u;
	return hash;
}
