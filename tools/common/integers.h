/*
 * The names of C's whole numbers, which compilers write in several orders.
 */
#ifndef INTEGERS_H
#define INTEGERS_H

#include <stddef.h>

/* What programmers write for the words at text: "unsigned long" for "long
 * unsigned int"; their length goes to *n. NULL: they are no such name. Text has
 * to begin with a word. */
const char *integer_name(const char *text, size_t *n);

#endif
