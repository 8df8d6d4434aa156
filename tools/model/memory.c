/*
 * A report's memory: an obstack, which is freed as a whole, and beside it what
 * is too large for one (its lengths are ints).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/hash.h"
#include "model/memory.h"
#include "model/model.h"

#define LARGE (1ul << 20)

struct large {
	struct large *next;
	char memory[];
};

struct report *report_new(void)
{
	struct report *report = calloc(1, sizeof(*report));

	if (!report)
		die(STATUS_FAILED, "out of memory");
	obstack_init(&report->memory);
	report->warnings_end = &report->warnings;
	report->damages_end = &report->damages;
	report->unknown_end = &report->unknown;
	return report;
}

void large_free(struct report *report)
{
	struct large *large = report->large;

	for (; large; large = report->large) {
		report->large = large->next;
		free(large);
	}
}

void *report_take(struct report *report, size_t n, size_t size)
{
	struct large *large;

	if (size && n > (SIZE_MAX / 2) / size)
		die(STATUS_FAILED, "out of memory");
	size = n * size + 1;
	if (size < LARGE)
		return memset(obstack_alloc(&report->memory, (int)size), 0,
			      size);
	large = calloc(1, sizeof(*large) + size);
	if (!large)
		die(STATUS_FAILED, "out of memory");
	large->next = report->large;
	report->large = large;
	return large->memory;
}

void *report_mark(struct report *report)
{
	return obstack_alloc(&report->memory, 1);
}

void report_rewind(struct report *report, void *mark)
{
	obstack_free(&report->memory, mark);
}

char *report_copy(struct report *report, const char *text, size_t n)
{
	return memcpy(report_take(report, n, 1), text, n);
}

/* Where the name is cut: between two characters. */
static size_t name_end(const char *text)
{
	size_t end = NAME_MOST;

	while (end > NAME_MOST - 4 && (text[end] & 0xc0) == 0x80)
		end--;
	return end;
}

const char *report_name(struct report *report, const char *text, size_t n)
{
	if (n <= NAME_MOST)
		return report_copy(report, text, n);
	return text_print(report, "%.*s… (%zu bytes, %016llx)",
			  (int)name_end(text), text, n,
			  (unsigned long long)hash_bytes(HASH_FIRST, text, n));
}

void text_append(struct report *report, struct text ***end, const char *text,
		 struct stack *stack)
{
	struct text *entry = report_take(report, 1, sizeof(*entry));

	entry->text = text;
	entry->stack = stack;
	**end = entry;
	*end = &entry->next;
}

char *report_format(struct report *report, const char *format,
		    va_list arguments)
{
	char *text, *kept;

	if (vasprintf(&text, format, arguments) < 0)
		die(STATUS_FAILED, "out of memory");
	kept = report_copy(report, text, strlen(text));
	free(text);
	return kept;
}

const char *text_print(struct report *report, const char *format, ...)
{
	const char *text;
	va_list arguments;

	va_start(arguments, format);
	text = report_format(report, format, arguments);
	va_end(arguments);
	return text;
}

size_t texts_count(const struct text *first)
{
	size_t n = 0;

	for (; first; first = first->next)
		n++;
	return n;
}

void report_warn(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_append(report, &report->warnings_end,
		    report_format(report, format, arguments), NULL);
	va_end(arguments);
}

void report_unknown(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_append(report, &report->unknown_end,
		    report_format(report, format, arguments), NULL);
	va_end(arguments);
}

void report_damage(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_append(report, &report->damages_end,
		    report_format(report, format, arguments), NULL);
	va_end(arguments);
}

bool report_damages(const struct report *report)
{
	const struct text *damage;

	for (damage = report->damages; damage; damage = damage->next)
		complain("%s", damage->text);
	return report->damages;
}
