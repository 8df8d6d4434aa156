/*
 * The option table, and what is made of it: parsing and help. A row is written
 * once. A mask says which verbs take it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/values.h"
#include "cli/verb.h"
#include "common/die.h"

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

struct option {
	char letter; /* or 0 */
	const char *name;
	const char
		*value; /* its name in the help; NULL: the option takes none */
	unsigned mask;
	const char *task; /* the heading in help */
	const char *help; /* lines are broken by hand; NULL: for the library */
	/* NULL, or what the value should have been. */
	const char *(*set)(struct settings *settings, const char *value);
};

#define WHEN "When to scan"
#define COST "What scans may cost"
#define WHAT "What to look at"
#define ACCEPT "What to accept"
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
	 "the share of the time that scans by number or\n"
	 "interval may take (default 5; 0: no such scan)",
	 set_budget},
	{0, "memory", "SIZE", MASK_RUN, COST,
	 "how much memory a scan may take: megabytes, or a\n"
	 "number with G (default half of what PROGRAM has,\n"
	 "at least 64)",
	 set_memory},
	{0, "follow", "yes|no", MASK_RUN, WHAT,
	 "also look at programs that PROGRAM executes\n"
	 "(default yes)",
	 set_follow},
	{0, "only", "NAME", MASK_RUN, WHAT,
	 "look only at programs of that name; * stands for\n"
	 "anything; may be given several times",
	 set_only},
	{0, "skip", "NAME", MASK_RUN, WHAT,
	 "do not look at programs of that name; likewise", set_skip},
	{0, "python-stacks", "yes|no", MASK_RUN, WHAT,
	 "show lines of Python code in stacks (default\n"
	 "yes); PYTHONMALLOC=malloc is set unless you have\n"
	 "set it",
	 set_python_stacks},
	{0, "rules", "FILE", MASK_RUN, WHAT,
	 "a file that says which functions of libraries\n"
	 "take references and give them back; may be given\n"
	 "several times",
	 set_rules},
	{0, "suppressions", "FILE", MASK_RUN | MASK_REPORT | MASK_CHECK, ACCEPT,
	 "a file that names findings not to be listed, by\n"
	 "leak:PATTERN, as in LeakSanitizer's files, or\n"
	 "cycle:PATTERN; leak: takes out places that grow,\n"
	 "too; may be given several times",
	 set_suppressions},
	{0, "baseline", "FILE", MASK_RUN | MASK_REPORT, ACCEPT,
	 "a report: a finding that it has is no alarm, as\n"
	 "long as there are no more of it; nor is a place\n"
	 "that grows there, too",
	 set_baseline},
	{0, "gen-suppressions", NULL, MASK_REPORT, ACCEPT,
	 "print suppressions for all findings, and places\n"
	 "that grow, in place of the report",
	 set_gen_suppressions},
	{0, "format", "text|json|none", MASK_RUN, SHOW,
	 "on standard error, after PROGRAM has ended\n"
	 "(default text)",
	 set_run_format},
	{0, "format", "text|json", MASK_DIFF, SHOW,
	 "a line for each finding, for people (default), or\n"
	 "all of them, for programs",
	 set_format},
	{0, "format", "FORMAT", MASK_REPORT, SHOW,
	 "text: a drawing for people (default)\n"
	 "json: everything, for programs\n"
	 "html: a page for a browser, in one file\n"
	 "sarif, junit, gitlab: for code hosts and CI\n"
	 "pprof: for profilers\n"
	 "folded, flamegraph: for flame graphs\n"
	 "dot: for Graphviz\n"
	 "prometheus: metrics\n"
	 "heapsnapshot: for the Memory panel of Chromium\n"
	 "lsan: LeakSanitizer's text",
	 set_report_format},
	{0, "format", "text|json", MASK_CHECK | MASK_WHY, SHOW,
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
	 "no notes, such as where the report is, or that\n"
	 "nothing leaked; what was found and warnings are\n"
	 "printed all the same",
	 set_quiet},
	{0, "report", "FILE", MASK_RUN, FILES,
	 "the report; %p is the process id, %n the\n"
	 "program's name (default gordian.%p.jsonl, and\n"
	 "none where nothing was found); none: no file",
	 set_report},
	{'o', "output", "FILE", MASK_REPORT, FILES,
	 "instead of standard output", set_output},
	{'o', "output", "FILE", MASK_SNAPSHOT, FILES,
	 "the heap; DevTools want .heapsnapshot at its end", set_output},
	{0, "at-end", NULL, MASK_REPORT, NULL, NULL, set_at_end},
	{0, "error-exitcode", "N", MASK_RUN, END,
	 "exit with N when something is found, in any\n"
	 "process (suspects do not count)",
	 set_exitcode},
	{0, "growth-exitcode", "N", MASK_RUN, END,
	 "exit with N when blocks that are still reached\n"
	 "become more from scan to scan, over eight scans:\n"
	 "give an --interval; what --error-exitcode says\n"
	 "comes first",
	 set_growth_exitcode},
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
		if (!(table[i].mask & verb->mask) || !table[i].help)
			continue;
		if (strcmp(task, table[i].task))
			printf("\n%s:\n", table[i].task);
		task = table[i].task;
		option_help(&table[i]);
	}
	printf("\nExamples:\n%s", verb->examples);
}
