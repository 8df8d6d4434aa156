/*
 * Bytes and UTF-8. Paths and arguments hold any bytes; JSON holds characters. A
 * byte that is part of no character goes through the model as the private
 * character U+EF00 + byte (U+EF80 to U+EFFF). So the file can be opened under
 * its real name. Users read U+FFFD.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

/* Length of the valid UTF-8 character at p, 0 when there is none. */
static size_t character_length(const unsigned char *p, size_t n)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length, i;
	uint32_t c;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n < length)
		return 0;
	c = p[0] & (0x7f >> length);
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return length;
}

char *text_from_bytes(const char *bytes, size_t n)
{
	const unsigned char *p = (const unsigned char *)bytes;
	char *text = malloc(3 * n + 1), *to = text;
	size_t length;

	if (!text)
		return NULL;
	for (; n; p += length, n -= length) {
		length = character_length(p, n);
		if (length) {
			memcpy(to, p, length);
			to += length;
		} else { /* U+EF00 + byte, 0x80..0xff */
			*to++ = '\xee';
			*to++ = (char)(0xbe + (*p >> 6 & 1));
			*to++ = (char)(0x80 | (*p & 0x3f));
			length = 1;
		}
	}
	*to = '\0';
	return text;
}

/* The byte for which the character at p stands, or 0. */
static unsigned char hidden_byte(const unsigned char *p)
{
	if (p[0] != 0xee || (p[1] & 0xfe) != 0xbe || (p[2] & 0xc0) != 0x80)
		return 0;
	return (unsigned char)(0x80 | (p[1] & 1) << 6 | (p[2] & 0x3f));
}

char *path_bytes(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	char *bytes = malloc(strlen(text) + 1), *to = bytes;

	if (!bytes)
		return NULL;
	while (*p) {
		unsigned char byte = hidden_byte(p);

		*to++ = (char)(byte ? byte : *p);
		p += byte ? 3 : 1;
	}
	*to = '\0';
	return bytes;
}

/* Characters that could reprogram the reader's terminal or reverse its lines:
 * control characters, with C1's, marks of direction, line separators. */
static bool is_control(const unsigned char *p, size_t length)
{
	if (length == 1)
		return p[0] < 0x20 || p[0] == 0x7f;
	if (length == 2)
		return (p[0] == 0xc2 && p[1] < 0xa0) ||
		       (p[0] == 0xd8 && p[1] == 0x9c); /* U+061C */
	if (length != 3 || p[0] != 0xe2)
		return false;
	/* U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069 */
	return (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
				 (p[2] >= 0xa8 && p[2] <= 0xae))) ||
	       (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
}

/* Our own signs for those who have only ASCII. Each is spelt in no more bytes
 * than it has. */
static const char *sign_spelt(const unsigned char *p)
{
	static const struct {
		const char *sign, *spelt;
	} signs[] = {{"⇄", "<->"}, {"→", "->"}, {"×", "x"}, {"…", "..."}};
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (text_begins((const char *)p, signs[i].sign))
			return signs[i].spelt;
	return NULL;
}

char *text_shown(const char *text, bool utf8)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t left = strlen(text), length;
	char *shown = malloc(left + 1), *to = shown;

	if (!shown)
		return NULL;
	for (; left; p += length, left -= length) {
		const char *spelt = utf8 ? NULL : sign_spelt(p);

		length = character_length(p, left);
		if (spelt) {
			to = stpcpy(to, spelt);
		} else if (!length || is_control(p, length) || hidden_byte(p) ||
			   (length > 1 && !utf8)) {
			*to++ = '?';
			length = length ? length : 1;
		} else {
			memcpy(to, p, length);
			to += length;
		}
	}
	*to = '\0';
	return shown;
}

char *text_clean(const char *text)
{
	char *clean = strdup(text), *p;

	if (!clean)
		return NULL;
	for (p = clean; *p; p++)
		if (hidden_byte((unsigned char *)p))
			memcpy(p, "\xef\xbf\xbd", 3);
	return clean;
}
