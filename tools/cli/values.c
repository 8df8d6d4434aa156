/*
 * See values.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/values.h"
#include "cli/verb.h"
#include "forms/forms.h"
#include "render/view.h"

const char *set_report(struct settings *settings, const char *value)
{
	const char *percent = value;

	while ((percent = strchr(percent, '%')))
		if (!strchr("pn", *++percent) || !*percent)
			return "a file name with no % but %p and %n";
	settings->report = value;
	settings->no_report = !strcmp(value, "none");
	return *value ? NULL : "a file name";
}

/* Digits with an optional fraction, as the library reads it: no exponent, no
 * sign, no locale. */
const char *set_interval(struct settings *settings, const char *value)
{
	static const char want[] =
		"seconds, from 0 to 1000000000, such as 5 or 0.25";
	size_t whole = strspn(value, "0123456789"), fraction = 0;
	const char *end = value + whole;

	if (*end == '.')
		fraction = strspn(++end, "0123456789");
	if (!(whole + fraction) || end[fraction] || strtod(value, NULL) > 1e9)
		return want;
	settings->interval = value;
	return NULL;
}

static bool number_read(const char *value, long least, long most, long *number)
{
	char *end;

	errno = 0;
	*number = strtol(value, &end, 10);
	return *value >= '0' && *value <= '9' && !*end && !errno &&
	       *number >= least && *number <= most;
}

const char *set_threshold(struct settings *settings, const char *value)
{
	long number;

	settings->threshold = value + strspn(value, "0");
	return number_read(value, 1, 1000000000000000, &number)
		       ? NULL
		       : "a number of blocks, at least 1";
}

/* As the library reads it, two digits behind the point. */
const char *set_budget(struct settings *settings, const char *value)
{
	size_t whole = strspn(value, "0123456789"), fraction = 0;
	const char *end = value + whole;

	if (*end == '.')
		fraction = strspn(++end, "0123456789");
	if (!(whole + fraction) || end[fraction] || fraction > 2 ||
	    strtod(value, NULL) > 100)
		return "a percentage, from 0 to 100, such as 5 or 0.5";
	settings->budget = value;
	return NULL;
}

const char *set_memory(struct settings *settings, const char *value)
{
	size_t digits = strspn(value, "0123456789");
	long number = digits && digits < 10 ? atol(value) : 0;
	const char *unit = value + digits;

	settings->memory = value;
	return number && (!*unit || !strcmp(unit, "M") || !strcmp(unit, "G"))
		       ? NULL
		       : "a number of megabytes, at least 1, such as 500 or 2G";
}

const char *set_python_stacks(struct settings *settings, const char *value)
{
	settings->python_stacks = !strcmp(value, "yes");
	return settings->python_stacks || !strcmp(value, "no") ? NULL
							       : "yes or no";
}

const char *set_follow(struct settings *settings, const char *value)
{
	settings->follow = !strcmp(value, "yes");
	return settings->follow || !strcmp(value, "no") ? NULL : "yes or no";
}

const char *set_rules(struct settings *settings, const char *value)
{
	if (settings->rules_n == RULES_MOST)
		return "one of at most 32 files";
	settings->rules[settings->rules_n++] = value;
	return *value ? NULL : "a file name";
}

/* A path stands for its last part. */
static const char *add_name(const char **list, size_t *n, const char *value)
{
	const char *slash = strrchr(value, '/');

	if (*n == NAMES_MOST)
		return "one of at most 64 names";
	list[(*n)++] = slash ? slash + 1 : value;
	return *list[*n - 1] ? NULL : "the name of a program";
}

const char *set_only(struct settings *settings, const char *value)
{
	return add_name(settings->only, &settings->only_n, value);
}

const char *set_skip(struct settings *settings, const char *value)
{
	return add_name(settings->skip, &settings->skip_n, value);
}

const char *set_suppressions(struct settings *settings, const char *value)
{
	if (settings->suppressions_n == SUPPRESSIONS_MOST)
		return "one of at most 64 files";
	settings->suppressions[settings->suppressions_n++] = value;
	return *value ? NULL : "a file name";
}

const char *set_baseline(struct settings *settings, const char *value)
{
	settings->baseline = value;
	return *value ? NULL : "a file name";
}

const char *set_gen_suppressions(struct settings *settings, const char *value)
{
	(void)value;
	settings->gen_suppressions = true;
	return NULL;
}

static const char *exitcode_read(const char *value, int *status)
{
	long number;

	if (!number_read(value, 1, 255, &number))
		return "a number from 1 to 255";
	*status = (int)number;
	return NULL;
}

const char *set_exitcode(struct settings *settings, const char *value)
{
	return exitcode_read(value, &settings->error_exitcode);
}

const char *set_growth_exitcode(struct settings *settings, const char *value)
{
	return exitcode_read(value, &settings->growth_exitcode);
}

const char *set_format(struct settings *settings, const char *value)
{
	settings->view.format =
		strcmp(value, "json") ? FORMAT_TEXT : FORMAT_JSON;
	return strcmp(value, "json") && strcmp(value, "text") ? "text or json"
							      : NULL;
}

const char *set_report_format(struct settings *settings, const char *value)
{
	settings->form = form_find(value);
	return settings->form || !set_format(settings, value)
		       ? NULL
		       : "one of the formats that the help lists";
}

const char *set_run_format(struct settings *settings, const char *value)
{
	if (set_format(settings, value) && strcmp(value, "none"))
		return "text, json or none";
	if (!strcmp(value, "none"))
		settings->view.format = FORMAT_NONE;
	return NULL;
}

const char *set_at_end(struct settings *settings, const char *value)
{
	(void)value;
	settings->at_end = true;
	return NULL;
}

const char *set_quiet(struct settings *settings, const char *value)
{
	(void)value;
	settings->quiet = settings->view.quiet = true;
	return NULL;
}

const char *set_verbose(struct settings *settings, const char *value)
{
	(void)value;
	settings->view.verbose = true;
	return NULL;
}

const char *set_top(struct settings *settings, const char *value)
{
	long number;

	if (!number_read(value, 1, 1000000000, &number))
		return "a number of findings, at least 1";
	settings->view.top = (size_t)number;
	return NULL;
}

const char *set_output(struct settings *settings, const char *value)
{
	settings->output = value;
	return *value ? NULL : "a file name";
}
