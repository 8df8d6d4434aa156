/*
 * See pattern.h. The rules are those of LeakSanitizer, whose files are to mean
 * here what they mean there: between stars each piece is taken where it is met
 * first, and what follows `$` is not looked at.
 */
#include <stddef.h>
#include <string.h>

#include "known/pattern.h"

/* The first n bytes of piece in the text, or NULL. */
static const char *piece_find(const char *text, const char *piece, size_t n)
{
	size_t length = strlen(text);

	return memmem(text, length, piece, n);
}

bool pattern_matches(const char *pattern, const char *text)
{
	bool held = false, star = false;
	const char *found;
	size_t n;

	if (!pattern || !text || !*text)
		return false;
	if (*pattern == '^') {
		held = true;
		pattern++;
	}
	for (; *pattern; pattern += n) {
		n = 1;
		if (*pattern == '*') {
			held = false;
			star = true;
			continue;
		}
		if (*pattern == '$')
			return !*text || star;
		n = strcspn(pattern, "*$");
		found = *text ? piece_find(text, pattern, n) : NULL;
		if (!found || (held && found != text))
			return false;
		text = found + n;
		held = star = false;
	}
	return true;
}
