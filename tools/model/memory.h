/*
 * A report's memory, and the lists of lines at its end.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct report;
struct stack;
struct text;

struct report *report_new(void);
/* report_take(): zeroed. report_copy(): a string, ended by a 0. */
void *report_take(struct report *report, size_t n, size_t size);
char *report_copy(struct report *report, const char *text, size_t n);
#define NAME_MOST 4096 /* no path is longer */
/* Copies a name of a report. Of one that is longer than NAME_MOST it keeps the
 * beginning, the length and a hash: two that differ stay two. */
const char *report_name(struct report *report, const char *text, size_t n);
char *report_format(struct report *report, const char *format,
		    va_list arguments) __attribute__((format(printf, 2, 0)));
/* In the report's memory. */
const char *text_print(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* What is taken after a mark and is not large is given back by report_rewind().
 */
void *report_mark(struct report *report);
void report_rewind(struct report *report, void *mark);
void large_free(struct report *report);

void text_append(struct report *report, struct text ***end, const char *text,
		 struct stack *stack);
size_t texts_count(const struct text *first);
/* Add a line to the warnings, to what is unknown, to what was wrong with the
 * files. */
void report_warn(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void report_unknown(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void report_damage(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Complains of what was wrong with the files. False when nothing was. */
bool report_damages(const struct report *report);

#endif
