/*
 * What a report lives in: an obstack, which goes as a whole, and beside it
 * what is too large for one (its lengths are ints).
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/tool.h"
#include "model/record.h"

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

void report_free(struct report *report)
{
	struct module *module, *next;
	struct large *large = report->large;

	HASH_ITER(hh, report->modules, module, next)
		symbols_free(module->symbols);
	HASH_CLEAR(hh, report->findings);
	HASH_CLEAR(hh, report->modules);
	relatives_free(report);
	nests_free(report);
	triggers_free(report);
	obstack_free(&report->memory, NULL);
	for (; large; large = report->large) {
		report->large = large->next;
		free(large);
	}
	free(report);
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

char *report_copy(struct report *report, const char *text, size_t n)
{
	return memcpy(report_take(report, n, 1), text, n);
}

void text_append(struct report *report, struct text ***end, const char *text,
		 const struct stack *stack)
{
	struct text *entry = report_take(report, 1, sizeof(*entry));

	entry->text = text;
	entry->stack = stack;
	**end = entry;
	*end = &entry->next;
}

static void text_format(struct report *report, struct text ***end,
			const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		die(STATUS_FAILED, "out of memory");
	text_append(report, end, report_copy(report, text, strlen(text)), NULL);
	free(text);
}

void report_warn(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_format(report, &report->warnings_end, format, arguments);
	va_end(arguments);
}

void report_damage(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_format(report, &report->damages_end, format, arguments);
	va_end(arguments);
}
