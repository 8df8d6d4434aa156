/*
 * The option table, and what is made of it: parsing and help. A row is written
 * once. A mask says which verbs take it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/verb.h"
#include "common/die.h"
#include "render/view.h"

void usage_die(const struct verb *verb, const char *format, ...)
{
	va_list arguments;
	char whose[64], *whole;

	if (asprintf(&whole, "%s (try 'gordian %s --help')", format,
		     verb->name) < 0)
		die(verb->usage_status, "out of memory");
	snprintf(whose, sizeof(whose), " %s", verb->name);
	va_start(arguments, format);
	say(whose, whole, arguments);
	va_end(arguments);
	exit(verb->usage_status);
}

static const char *set_report(struct settings *settings, const char *value)
{
	const char *percent = value;

	while ((percent = strchr(percent, '%')))
		if (!strchr("pn", *++percent) || !*percent)
			return "a file name with no % but %p and %n";
	settings->report = value;
	return *value ? NULL : "a file name";
}

/* Digits with an optional fraction, as the library reads it: no exponent, no
 * sign, no locale. */
static const char *set_interval(struct settings *settings, const char *value)
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

static const char *set_threshold(struct settings *settings, const char *value)
{
	long number;

	settings->threshold = value + strspn(value, "0");
	return number_read(value, 1, 1000000000000000, &number)
		       ? NULL
		       : "a number of blocks, at least 1";
}

/* As the library reads it, two digits behind the point. */
static const char *set_budget(struct settings *settings, const char *value)
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

static const char *set_memory(struct settings *settings, const char *value)
{
	size_t digits = strspn(value, "0123456789");
	long number = digits && digits < 10 ? atol(value) : 0;
	const char *unit = value + digits;

	settings->memory = value;
	return number && (!*unit || !strcmp(unit, "M") || !strcmp(unit, "G"))
		       ? NULL
		       : "a number of megabytes, at least 1, such as 500 or 2G";
}

static const char *set_python_stacks(struct settings *settings,
				     const char *value)
{
	settings->python_stacks = !strcmp(value, "yes");
	return settings->python_stacks || !strcmp(value, "no") ? NULL
							       : "yes or no";
}

static const char *set_follow(struct settings *settings, const char *value)
{
	settings->follow = !strcmp(value, "yes");
	return settings->follow || !strcmp(value, "no") ? NULL : "yes or no";
}

static const char *set_rules(struct settings *settings, const char *value)
{
	if (settings->rules_n == RULES_MOST)
		return "one of at most 32 files";
	settings->rules[settings->rules_n++] = value;
	return *value ? NULL : "a file name";
}

static const char *set_exitcode(struct settings *settings, const char *value)
{
	long number;

	if (!number_read(value, 1, 255, &number))
		return "a number from 1 to 255";
	settings->error_exitcode = (int)number;
	return NULL;
}

static const char *set_format(struct settings *settings, const char *value)
{
	settings->view.format =
		strcmp(value, "json") ? FORMAT_TEXT : FORMAT_JSON;
	return strcmp(value, "json") && strcmp(value, "text") ? "text or json"
							      : NULL;
}

static const char *set_run_format(struct settings *settings, const char *value)
{
	if (set_format(settings, value) && strcmp(value, "none"))
		return "text, json or none";
	if (!strcmp(value, "none"))
		settings->view.format = FORMAT_NONE;
	return NULL;
}

static const char *set_quiet(struct settings *settings, const char *value)
{
	(void)value;
	settings->quiet = settings->view.quiet = true;
	return NULL;
}

static const char *set_verbose(struct settings *settings, const char *value)
{
	(void)value;
	settings->view.verbose = true;
	return NULL;
}

static const char *set_top(struct settings *settings, const char *value)
{
	long number;

	if (!number_read(value, 1, 1000000000, &number))
		return "a number of findings, at least 1";
	settings->view.top = (size_t)number;
	return NULL;
}

static const char *set_output(struct settings *settings, const char *value)
{
	settings->output = value;
	return *value ? NULL : "a file name";
}

struct option {
	char letter; /* or 0 */
	const char *name;
	const char
		*value; /* its name in the help; NULL: the option takes none */
	unsigned mask;
	const char *task; /* the heading in help */
	const char *help; /* lines are broken by hand */
	/* NULL, or what the value should have been. */
	const char *(*set)(struct settings *settings, const char *value);
};

#define WHEN "When to scan"
#define COST "What scans may cost"
#define WHAT "What to look at"
#define SHOW "What to print"
#define FILES "Where to write"
#define END "Exit status"

static const struct option table[] = {
	{0, "interval", "SECONDS", MASK_RUN, WHEN,
	 "scan every so often (fractions allowed;\n"
	 "default 0: by the number of blocks only)",
	 set_interval},
	{0, "threshold", "N", MASK_RUN, WHEN,
	 "scan when there are N more blocks than at the\n"
	 "last scan (default: a quarter more, at least\n"
	 "10,000)",
	 set_threshold},
	{0, "budget", "PERCENT", MASK_RUN, COST,
	 "of the time that passes, for scans by number\n"
	 "or interval (default 5; 0: none of these)",
	 set_budget},
	{0, "memory", "SIZE", MASK_RUN, COST,
	 "what a scan may take, in megabytes or with M\n"
	 "or G behind (default half of what PROGRAM has,\n"
	 "at least 64)",
	 set_memory},
	{0, "follow", "yes|no", MASK_RUN, WHAT,
	 "also in programs that PROGRAM executes\n"
	 "(default yes)",
	 set_follow},
	{0, "python-stacks", "yes|no", MASK_RUN, WHAT,
	 "frames of Python code in stacks (default yes);\n"
	 "CPython is told PYTHONMALLOC=malloc, unless that\n"
	 "is set",
	 set_python_stacks},
	{0, "rules", "FILE", MASK_RUN, WHAT,
	 "which functions of libraries take references\n"
	 "and give them back; may be given several times",
	 set_rules},
	{0, "format", "text|json|none", MASK_RUN, SHOW,
	 "on standard error, after PROGRAM has ended\n"
	 "(default text)",
	 set_run_format},
	{0, "format", "text|json", MASK_REPORT | MASK_CHECK, SHOW,
	 "a drawing for people (default), or everything\n"
	 "for programs",
	 set_format},
	{0, "verbose", NULL, MASK_ALL, SHOW,
	 "as text: every block, word and frame", set_verbose},
	{0, "top", "N", MASK_ALL, SHOW,
	 "as text: the N findings that keep the most\n"
	 "memory, with those that they hold",
	 set_top},
	{0, "quiet", NULL, MASK_RUN, SHOW,
	 "no notes, such as where the report is; what was\n"
	 "found and warnings are printed all the same",
	 set_quiet},
	{0, "report", "FILE", MASK_RUN, FILES,
	 "the report; %p is the process id, %n the\n"
	 "program's name (default gordian.%p.jsonl)",
	 set_report},
	{'o', "output", "FILE", MASK_REPORT, FILES,
	 "instead of standard output", set_output},
	{0, "error-exitcode", "N", MASK_RUN, END,
	 "exit with N when something is found, in any\n"
	 "process (suspects do not count)",
	 set_exitcode},
};

#define TABLE_N (sizeof(table) / sizeof(table[0]))

/* Finds the row of "--name" or "-x". length is the length of the name. */
static const struct option *option_find(const struct verb *verb,
					const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < TABLE_N; i++) {
		const struct option *option = &table[i];

		if (!(option->mask & verb->mask))
			continue;
		if (word[1] == '-' ? strlen(option->name) == length - 2 &&
					     !strncmp(option->name, word + 2,
						      length - 2)
				   : option->letter == word[1])
			return option;
	}
	return NULL;
}

/* Takes the option at *argv, and its value if that is a word of its own.
 * Returns the last word taken. */
static char **option_take(const struct verb *verb, char **argv,
			  struct settings *settings)
{
	bool is_long = argv[0][1] == '-';
	size_t length = is_long ? strcspn(argv[0], "=") : 2;
	const struct option *option = option_find(verb, argv[0], length);
	const char *value = NULL, *wanted;

	if (argv[0][length])
		value = argv[0] + length + (is_long ? 1 : 0);
	if (!option)
		usage_die(verb, "unknown option '%.*s'", (int)length, argv[0]);
	if (!option->value && value)
		usage_die(verb, "option '--%s' takes no value", option->name);
	if (option->value && !value && !(value = *++argv))
		usage_die(verb, "option '--%s' needs a value: %s", option->name,
			  option->value);
	wanted = option->set(settings, value);
	if (wanted)
		usage_die(verb, "option '--%s': '%s' is not %s", option->name,
			  value, wanted);
	return argv;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

char **options_parse(const struct verb *verb, char **argv,
		     struct settings *settings)
{
	char **operands = argv, **to = argv;

	for (; *argv; argv++) {
		if (!strcmp(*argv, "--")) {
			argv++;
			break;
		}
		if (argv[0][0] != '-' || !argv[0][1]) {
			/* What follows PROGRAM belongs to it. */
			if (verb->mask == MASK_RUN)
				break;
			*to++ = *argv;
			continue;
		}
		if (is_help(*argv)) {
			verb_help(verb);
			exit(0);
		}
		argv = option_take(verb, argv, settings);
	}
	while (*argv)
		*to++ = *argv++;
	*to = NULL;
	return operands;
}

static void option_help(const struct option *option)
{
	const char *line = option->help;
	char left[64];
	int n;

	snprintf(left, sizeof(left), "%c%c%s--%s%s%s",
		 option->letter ? '-' : ' ',
		 option->letter ? option->letter : ' ',
		 option->letter ? ", " : "  ", option->name,
		 option->value ? "=" : "", option->value ? option->value : "");
	for (; *line; left[0] = '\0') {
		n = (int)strcspn(line, "\n");
		printf("  %-28s %.*s\n", left, n, line);
		line += n + (line[n] == '\n');
	}
}

void verb_help(const struct verb *verb)
{
	const char *task = "";
	size_t i;

	printf("Usage: gordian %s\n%s\n", verb->synopsis, verb->text);
	for (i = 0; i < TABLE_N; i++) {
		if (!(table[i].mask & verb->mask))
			continue;
		if (strcmp(task, table[i].task))
			printf("\n%s:\n", table[i].task);
		task = table[i].task;
		option_help(&table[i]);
	}
	printf("\nExamples:\n%s", verb->examples);
}
