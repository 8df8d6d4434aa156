/*
 * Patterns of suppressions, as LeakSanitizer's files have them.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>

/* Whether the pattern is in the text. A star stands for anything. `^` in front
 * holds it at the beginning of the text, `$` at the end. An empty text has no
 * pattern in it. Either may be NULL: false. */
bool pattern_matches(const char *pattern, const char *text);

#endif
